using System.Text.Json.Nodes;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Describes packages without an <c>emu.json</c> by the class of their <c>model_index.json</c> and the configurations beside the graphs.</summary>
internal static class DescriptionInference
{
    private const string Known = "StableDiffusionPipeline, LatentConsistencyModelPipeline, StableDiffusionXLPipeline, StableDiffusionInstructPix2PixPipeline, StableVideoDiffusionPipeline";

    private static readonly string[] Vaes = ["vae_decoder", "vae_encoder", "vae"];

    public static ModelDescription Infer(string directory)
    {
        var index = Path.Combine(directory, "model_index.json");
        var content = PackageJson.ReadObject(index)
            ?? throw new ModelPackageException(index, "the file is missing; a folder in the diffusers layout, or emu.json beside it, was expected.");
        var className = content["_class_name"] is JsonValue value && value.TryGetValue(out string? name)
            ? name
            : throw new ModelPackageException(index, "'_class_name' is missing.");
        var description = Base(directory);
        return Bare(className) switch
        {
            "StableDiffusionPipeline" => description with
            {
                Image = new() { DefaultSteps = 50, DefaultGuidance = 7.5f },
            },
            "LatentConsistencyModelPipeline" => description with
            {
                // Guidance is an input of the network here, not an extrapolation.
                Image = new() { DefaultSteps = 4, DefaultGuidance = 8.5f, Guidance = new(Text: false, Image: false) },
            },
            "StableDiffusionXLPipeline" => description with
            {
                Text = [new() { Penultimate = true }, new() { Graph = "text_encoder_2", Tokenizer = "tokenizer_2", Penultimate = true, Pooled = true }],
                UnconditionalPrompt = content["force_zeros_for_empty_prompt"] is JsonValue zeros && zeros.TryGetValue(out bool force) && !force ? UnconditionalPrompt.EmptyPrompt : UnconditionalPrompt.Zeros,
                Image = new() { DefaultSteps = 50, DefaultGuidance = 5 },
            },
            "StableDiffusionInstructPix2PixPipeline" => description with
            {
                Edit = new()
                {
                    Layout = ["noise", "image"],
                    ScaleImageLatents = false,
                    Guidance = new(Text: true, Image: true),
                    DefaultSteps = 100,
                    DefaultGuidance = 7.5f,
                    DefaultImageGuidance = 1.5f,
                },
            },
            "StableVideoDiffusionPipeline" => description with
            {
                Text = [],
                Frames = Number(directory, "unet", "num_frames") ?? 14,
                Ticks = Number(directory, "unet", "num_frames") ?? 14,
                FramesPerSecond = 7,
                Video = new()
                {
                    Layout = ["noise", "image"],
                    Axes = "BFCHW",
                    ImagePadding = "repeat",
                    ScaleImageLatents = false,
                    Guidance = new(Text: false, Image: true),
                    DefaultImageGuidance = 3,
                    FirstFrameImageGuidance = 1,
                },
            },
            _ => throw new ModelPackageException(index, $"pipelines of class '{className}' are not known here without an emu.json that describes them; known without are {Known}."),
        };
    }

    // Exporters put a prefix of their own before diffusers' name.
    private static string Bare(string className) => className.StartsWith("ORT", StringComparison.Ordinal) ? className[3..]
        : className.StartsWith("Onnx", StringComparison.Ordinal) ? className[4..]
        : className;

    private static ModelDescription Base(string directory)
    {
        var downscale = VaeDownscale(directory);
        return new ModelDescription
        {
            Name = new DirectoryInfo(directory).Name,
            NativeSize = (Number(directory, "unet", "sample_size") ?? 64) * downscale,
            LatentChannels = VaeNumber(directory, "latent_channels") is { } channels ? (int)channels : 4,
            LatentDownscale = downscale,
            ScalingFactor = (float)(VaeNumber(directory, "scaling_factor") ?? 0.18215),
            ShiftFactor = (float)(VaeNumber(directory, "shift_factor") ?? 0),
        };
    }

    private static int VaeDownscale(string directory) => VaeFolders(directory)
        .Select(folder => Configuration(folder)?["block_out_channels"] as JsonArray)
        .FirstOrDefault(blocks => blocks is { Count: > 0 }) is { } found ? 1 << (found.Count - 1) : 8;

    private static double? VaeNumber(string directory, string field) => VaeFolders(directory)
        .Select(folder => Configuration(folder)?[field] is JsonValue value && value.TryGetValue(out double number) ? number : (double?)null)
        .FirstOrDefault(number => number is not null);

    private static IEnumerable<string> VaeFolders(string directory) => Vaes.Select(folder => Path.Combine(directory, folder));

    private static int? Number(string directory, string folder, string field)
        => Configuration(Path.Combine(directory, folder))?[field] is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private static JsonObject? Configuration(string folder) => PackageJson.ReadObject(Path.Combine(folder, "config.json"));
}
