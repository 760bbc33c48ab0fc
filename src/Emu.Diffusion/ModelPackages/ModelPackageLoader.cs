using Emu.Diffusion.Graphs;
using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Reads, checks and describes a package, in this order, so that the most basic mistake is reported first: files, description, graphs.</summary>
internal static class ModelPackageLoader
{
    private static readonly int[] UsualSizes = [128, 256, 512, 1024];

    public static ModelPackage Load(string directory, bool verify, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!Directory.Exists(directory))
        {
            throw new ModelPackageException(directory, "the folder does not exist; a model package was expected here.");
        }

        var emuJson = Path.Combine(directory, "emu.json");
        var emu = File.Exists(emuJson) ? PackageJson.Read<EmuJson>(emuJson) : null;
        var files = ReadFiles(emu, emuJson);
        RequireFiles(directory, files, verify, cancellationToken);
        var model = emu?.ToDescription() ?? DescriptionInference.Infer(directory);
        if (model.Sizes.Count == 0)
        {
            model = model with { Sizes = [.. UsualSizes.Append(model.NativeSize).Where(size => size <= 4 * model.NativeSize).Distinct().Order()] };
        }

        DescriptionValidator.Require(model, emu is null ? Path.Combine(directory, "model_index.json") : emuJson);
        var noiseScheduler = ReadNoiseScheduler(directory);
        if (model.Interpolation is { } interpolation && interpolation.AugmentationTimestep >= noiseScheduler.TrainTimesteps)
        {
            throw new ModelPackageException(emuJson, $"augmentation_timestep {interpolation.AugmentationTimestep} of interpolation must be below the noise scheduler's {noiseScheduler.TrainTimesteps} timesteps of training.");
        }

        return new ModelPackage(directory, model, files, noiseScheduler, new PackageGraphs(directory, model));
    }

    public static ModelDescription Describe(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var emuJson = Path.Combine(directory, "emu.json");
        return File.Exists(emuJson) ? PackageJson.Read<EmuJson>(emuJson).ToDescription() : DescriptionInference.Infer(directory);
    }

    private static PackageFile[] ReadFiles(EmuJson? emu, string emuJson)
    {
        List<PackageFile> files = [];
        foreach (var (path, file) in emu?.Files ?? new Dictionary<string, EmuJson.FileJson>())
        {
            var inside = path.Length > 0 && !Path.IsPathRooted(path) && !path.Contains('\\', StringComparison.Ordinal) && !path.Split('/').Any(part => part is "" or "." or "..");
            if (!inside || file.Size < 0 || file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigit))
            {
                throw new ModelPackageException(emuJson, $"the entry '{path}' in files must be a path inside the package with a size and a SHA-256 of 64 hexadecimal digits.");
            }

            files.Add(new PackageFile(path, file.Size, file.Sha256.ToLowerInvariant()));
        }

        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static void RequireFiles(string directory, PackageFile[] files, bool verify, CancellationToken cancellationToken)
    {
        if (verify)
        {
            PackageVerifier.Require(directory, files, cancellationToken);
            return;
        }

        foreach (var file in files)
        {
            var path = Path.Combine(directory, file.Path);
            if (!File.Exists(path))
            {
                throw new ModelPackageException(path, $"the file is missing; the package lists it with {file.Size} bytes.");
            }
        }
    }

    private static NoiseSchedulerConfiguration ReadNoiseScheduler(string directory)
    {
        var path = Path.Combine(directory, "scheduler", "scheduler_config.json");
        if (!File.Exists(path))
        {
            throw new ModelPackageException(path, "the file is missing; the noise scheduler's configuration was expected here.");
        }

        try
        {
            return NoiseSchedulerConfiguration.Parse(File.ReadAllText(path));
        }
        catch (NoiseSchedulerConfigurationException exception)
        {
            throw new ModelPackageException(path, exception.Message, exception);
        }
    }
}

/// <summary>The graphs of a package, introspected and fitted to its description.</summary>
internal sealed class PackageGraphs
{
    private readonly string _directory;
    private readonly Dictionary<string, ModelGraph> _all = new(StringComparer.Ordinal);

    public PackageGraphs(string directory, ModelDescription model)
    {
        _directory = directory;
        IEnumerable<string> folders = Directory.EnumerateDirectories(directory).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);
        var named = model.AllDenoisers.Select(denoiser => denoiser.Graph).Concat(model.Video?.Motion is { } moves ? [moves.FirstFrame, moves.Decoder] : []);
        foreach (var name in folders.Union(named.Where(DescriptionValidator.IsOneOfSeveral)))
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
        Interpolation = Fit(model.Interpolation?.Denoiser, model);
        Decoder = PictureCodecContract.ReadDecoder(Require("vae_decoder"), model);
        Encoder = _all.TryGetValue("vae_encoder", out var encoder) ? PictureCodecContract.ReadEncoder(encoder, model)
            : model.Denoisers.Any(denoiser => denoiser.TakesImage) ? PictureCodecContract.ReadEncoder(Require("vae_encoder"), model)
            : null;
        Motion = model.Video?.Motion is { } motion ? MotionContract.Read(Require(motion.FirstFrame), Require(motion.Decoder), Video!, model) : null;
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

    public DenoiserContract? Interpolation { get; }

    public PictureCodecContract? Encoder { get; }

    public PictureCodecContract Decoder { get; }

    public MotionContract? Motion { get; }

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
        foreach (var denoiser in new[] { Image, Video, Edit, Interpolation }.OfType<DenoiserContract>())
        {
            if (denoiser.Text?.FixedSize(2) is { } expected && expected != width)
            {
                throw new ModelPackageException(denoiser.Graph.Path, $"{denoiser.Text} takes embeddings {expected} wide, but {string.Join(" and ", Text.Select(text => text.Graph.Name))} give {width}.");
            }
        }
    }
}
