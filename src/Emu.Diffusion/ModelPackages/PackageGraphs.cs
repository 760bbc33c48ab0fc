using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>The graphs of a package, introspected and fitted to its description.</summary>
internal sealed class PackageGraphs
{
    private readonly string _directory;
    private readonly Dictionary<string, ModelGraph> _all = new(StringComparer.Ordinal);

    public PackageGraphs(string directory, ModelDescription model)
    {
        _directory = directory;
        IEnumerable<string> folders = Directory.EnumerateDirectories(directory).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);
        foreach (var name in folders.Union(model.Denoisers.Select(denoiser => denoiser.Graph).Where(DescriptionValidator.IsOneOfSeveral)))
        {
            if (File.Exists(PathOf(name)))
            {
                _all.Add(name, ModelGraph.ReadWithVariant(PathOf(name), name));
            }
        }

        Text = [.. model.Text.Select(source => TextEncoderContract.Read(Require(source.Graph), source))];
        Image = Fit(model.Image, model);
        Video = Fit(model.Video, model);
        Edit = Fit(model.Edit, model);
        Decoder = PictureCodecContract.ReadDecoder(Require("vae_decoder"), model);
        Encoder = _all.TryGetValue("vae_encoder", out var encoder) ? PictureCodecContract.ReadEncoder(encoder, model)
            : model.Denoisers.Any(denoiser => denoiser.TakesImage) ? PictureCodecContract.ReadEncoder(Require("vae_encoder"), model)
            : null;
        FrameWarp = model.Video?.FrameWarp is { } warp ? FrameWarpContract.Read(Require(warp.Graph), warp, model) : null;
        if (model.Upscaler is { } upscaler)
        {
            Require(upscaler.Graph);
        }

        RequireTextFits();
    }

    public IReadOnlyDictionary<string, ModelGraph> All => _all;

    public IReadOnlyList<TextEncoderContract> Text { get; }

    public DenoiserContract? Image { get; }

    public DenoiserContract? Video { get; }

    public DenoiserContract? Edit { get; }

    public PictureCodecContract? Encoder { get; }

    public PictureCodecContract Decoder { get; }

    public FrameWarpContract? FrameWarp { get; }

    private DenoiserContract? Fit(DenoiserDescription? description, ModelDescription model)
        => description is null ? null : DenoiserContract.Read(Require(description.Graph), description, model);

    private ModelGraph Require(string name) => _all.TryGetValue(name, out var graph)
        ? graph
        : throw new ModelPackageException(PathOf(name), "the graph is missing; the package's description names it.");

    /// <summary>Of <c>unet</c>, <c>unet/model.onnx</c>; of <c>unet/clip</c>, <c>unet/clip.onnx</c>.</summary>
    private string PathOf(string name)
        => Path.Combine([_directory, .. $"{(DescriptionValidator.IsOneOfSeveral(name) ? name : name + "/model")}.onnx".Split('/')]);

    private void RequireTextFits()
    {
        if (Text.Count == 0 || Text.Any(text => text.Hidden.FixedSize(2) is null))
        {
            return;
        }

        var width = Text.Sum(text => text.Hidden.FixedSize(2)!.Value);
        foreach (var denoiser in new[] { Image, Video, Edit }.OfType<DenoiserContract>())
        {
            if (denoiser.Text?.FixedSize(2) is { } expected && expected != width)
            {
                throw new ModelPackageException(denoiser.Graph.Path, $"{denoiser.Text} wants embeddings {expected} wide, but {string.Join(" and ", Text.Select(text => text.Graph.Name))} give {width}.");
            }
        }
    }
}
