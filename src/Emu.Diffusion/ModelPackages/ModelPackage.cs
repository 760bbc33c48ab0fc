using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Emu.Diffusion.Graphs;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Tokenizers;

namespace Emu.Diffusion.ModelPackages;

/// <summary>
/// A folder in the diffusers ONNX layout: <c>model_index.json</c>, <c>scheduler/</c>, <c>tokenizer/</c> and a folder a graph with
/// <c>model.onnx</c>; beside them <c>emu.json</c> for what the graphs do not say. Everything that can be checked without loading
/// weights has been checked once there is an object. Immutable; safe for concurrent use.
/// </summary>
public sealed class ModelPackage
{
    private static readonly string[] ConfigurationFiles = ["emu.json", "model_index.json", "scheduler/scheduler_config.json"];

    private readonly ConcurrentDictionary<string, ITokenizer> _tokenizers = new(StringComparer.Ordinal);

    internal ModelPackage(string directory, ModelDescription description, IReadOnlyList<PackageFile> files, NoiseSchedulerConfiguration noiseScheduler, PackageGraphs graphs)
    {
        Directory = directory;
        Description = description;
        Files = files;
        NoiseScheduler = noiseScheduler;
        Graphs = graphs.All;
        Text = graphs.Text;
        Image = graphs.Image;
        Video = graphs.Video;
        Edit = graphs.Edit;
        Interpolation = graphs.Interpolation;
        Encoder = graphs.Encoder;
        Decoder = graphs.Decoder;
        Motion = graphs.Motion;
        Fingerprint = Identify();
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>What the graphs do not say.</summary>
    public ModelDescription Description { get; }

    /// <summary>The files that the package lists; empty if it lists none.</summary>
    public IReadOnlyList<PackageFile> Files { get; }

    /// <summary>The noise scheduler's configuration.</summary>
    public NoiseSchedulerConfiguration NoiseScheduler { get; }

    /// <summary>Every graph by its name, which is its folder's, or the folder's and its own (<see cref="ModelGraph.Name"/>).</summary>
    public IReadOnlyDictionary<string, ModelGraph> Graphs { get; }

    /// <summary>The text encoders.</summary>
    public IReadOnlyList<TextEncoderContract> Text { get; }

    /// <summary>The keyframe's denoiser; null if the package has none.</summary>
    public DenoiserContract? Image { get; }

    /// <summary>The clip's denoiser; null if the package has none.</summary>
    public DenoiserContract? Video { get; }

    /// <summary>The editing denoiser; null if the package has none.</summary>
    public DenoiserContract? Edit { get; }

    /// <summary>The denoiser that makes the frames between a clip's frames; null if the package has none.</summary>
    public DenoiserContract? Interpolation { get; }

    /// <summary>Pictures to latents; null if the package has none.</summary>
    public PictureCodecContract? Encoder { get; }

    /// <summary>Latents to pictures.</summary>
    public PictureCodecContract Decoder { get; }

    /// <summary>The graphs around <see cref="Video"/> where its latents are motion; else null.</summary>
    public MotionContract? Motion { get; }

    /// <summary>A SHA-256 over the configurations (the hashes of all files that <c>emu.json</c> lists among them) and the sizes of the graphs: part of what a result depends on.</summary>
    public string Fingerprint { get; }

    /// <summary>Loads a package.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="verify">Whether the content of the listed files is checked; their presence always is.</param>
    /// <param name="cancellationToken">Cancels checking.</param>
    /// <exception cref="ModelPackageException">A file is missing, not as listed, truncated or malformed, or a graph does not fit.</exception>
    public static ModelPackage Load(string directory, bool verify = true, CancellationToken cancellationToken = default)
        => ModelPackageLoader.Load(directory, verify, cancellationToken);

    /// <summary>Reads what a package says of itself, and nothing of its graphs.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="ModelPackageException">Its configuration is missing or malformed, or it is of a kind that is not known here.</exception>
    public static ModelDescription ReadDescription(string directory) => ModelPackageLoader.Describe(directory);

    /// <summary>Checks every listed file and reports on each.</summary>
    public IReadOnlyList<PackageFileCheck> Verify(CancellationToken cancellationToken = default) => PackageVerifier.CheckAll(Directory, Files, cancellationToken);

    /// <summary>The tokenizer of a text encoder; made at first use.</summary>
    /// <exception cref="ModelPackageException">A file of the tokenizer is missing or malformed.</exception>
    public ITokenizer GetTokenizer(TextSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _tokenizers.GetOrAdd(source.Tokenizer, (folder, directory) => TokenizerLoader.Load(Path.Combine(directory, folder)), Directory);
    }

    private string Identify()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in ConfigurationFiles)
        {
            var path = Path.Combine(Directory, name);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(File.Exists(path) ? File.ReadAllBytes(path) : []);
        }

        foreach (var graph in Graphs.Values.OrderBy(graph => graph.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{graph.Name} {graph.FileBytes}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A model package cannot be used: a file is missing, changed, truncated, or does not fit. The message names the file and what was expected.</summary>
/// <param name="file">The file (or folder) at fault.</param>
/// <param name="problem">What is wrong with it, and what was expected.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class ModelPackageException(string file, string problem, Exception? innerException = null)
    : Exception($"{file}: {problem}", innerException)
{
    /// <summary>The file (or folder) at fault.</summary>
    public string File { get; } = file;
}

/// <summary>The model package does not support something that was requested: a guidance, a size, a picture, a clip. The message names it and what is supported.</summary>
/// <param name="feature">What was requested, in one or two words: <c>image guidance</c>.</param>
/// <param name="message">What the package supports.</param>
public sealed class UnsupportedByModelException(string feature, string message) : Exception(message)
{
    /// <summary>What was requested, in one or two words.</summary>
    public string Feature { get; } = feature;
}
