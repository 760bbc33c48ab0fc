using Emu.Diffusion.Graphs;
using Emu.Media.Files;

namespace Emu.Editing.Masks;

/// <summary>The model that finds subjects on photographs (ISNet: Qin et al., "Highly accurate dichotomous image segmentation", ECCV 2022), as a file in a folder of its own.</summary>
/// <param name="folder">The folder, which need not exist yet.</param>
public sealed class PhotoMaskModel(string folder)
{
    /// <summary>Its name, and that of its folder among the models.</summary>
    public const string Name = "photo-mask";

    /// <summary>The command that adds it.</summary>
    public const string AddCommand = $"emu models add {Name}";

    /// <summary>The name of the graph in the folder.</summary>
    public const string FileName = "model.onnx";

    /// <summary>The name of its copy in single precision, which CPUs run in three quarters of the time and memory.</summary>
    private const string SingleFileName = "model-float32.onnx";

    /// <summary>What is told where it is missing.</summary>
    public static string MissingMessage => $"The edit has to find the subject, and the model for that was not added yet. Run '{AddCommand}' (it fetches {PhotoMaskSource.Default.DownloadMegabytes} MB), or give a mask of what is to change.";

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The graph's file.</summary>
    public string GraphPath => Path.Combine(Folder, FileName);

    /// <summary>Whether it was added.</summary>
    public bool IsPresent => File.Exists(GraphPath);

    /// <summary>The model in the first of several model folders that has it, or else where it would be added: in the first.</summary>
    /// <param name="modelFolders">Folders whose subfolders are models; at least one.</param>
    public static PhotoMaskModel Find(IEnumerable<string> modelFolders)
    {
        var models = modelFolders.Select(folder => new PhotoMaskModel(Path.Combine(folder, Name))).ToArray();
        return models.Length > 0
            ? Array.Find(models, model => model.IsPresent) ?? models[0]
            : throw new ArgumentException("At least one folder of models is needed.", nameof(modelFolders));
    }

    /// <summary>Reads what the graph takes and gives.</summary>
    /// <exception cref="SubjectModelMissingException">It was not added.</exception>
    /// <exception cref="Emu.Diffusion.ModelPackages.ModelPackageException">The file is damaged.</exception>
    public ModelGraph ReadGraph() => IsPresent
        ? ModelGraph.Read(GraphPath, Name)
        : throw new SubjectModelMissingException(MissingMessage);

    /// <summary>Reads what the copy for CPUs takes and gives; it is written first if it is not there, or older than the model.</summary>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>The model itself where its folder takes no file: it gives the same masks, more slowly.</returns>
    /// <exception cref="SubjectModelMissingException">The model was not added.</exception>
    /// <exception cref="Emu.Diffusion.ModelPackages.ModelPackageException">A file is damaged.</exception>
    public ModelGraph ReadSinglePrecisionGraph(CancellationToken cancellationToken = default)
    {
        var graph = ReadGraph();
        var path = Path.Combine(Folder, SingleFileName);
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) < File.GetLastWriteTimeUtc(GraphPath))
        {
            try
            {
                using var file = TemporaryFile.For(path);
                SinglePrecisionGraph.Write(GraphPath, file.Path, graph.Outputs[0].Name, cancellationToken);
                file.Keep();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return graph;
            }
        }
        return ModelGraph.Read(path, Name);
    }
}
