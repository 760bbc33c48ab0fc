using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;

namespace Emu.Generation.Models;

/// <summary>The model packages that a host runs, by name. A package is loaded and its files checked at first use. Safe for concurrent use.</summary>
/// <param name="sessions">Loads graphs and keeps them; not owned.</param>
/// <param name="directories">The packages' folders by name; the first is the default.</param>
public sealed class ModelLibrary(SessionCache sessions, IReadOnlyList<KeyValuePair<string, string>> directories)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoadedModel> _loaded = new(StringComparer.Ordinal);

    /// <summary>The names of all packages; the first is the default.</summary>
    public IReadOnlyList<string> Names { get; } = [.. directories.Select(directory => directory.Key)];

    /// <summary>A model by its name.</summary>
    /// <exception cref="UnsupportedByModelException">There is none of that name here.</exception>
    /// <exception cref="ModelPackageException">The package is damaged; the next call tries again.</exception>
    public LoadedModel Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (_loaded.TryGetValue(name, out var model))
            {
                return model;
            }

            var directory = directories.FirstOrDefault(entry => entry.Key == name).Value
                ?? throw new UnsupportedByModelException("model", $"There is no model '{name}' here; there are: {string.Join(", ", Names)}.");
            model = new LoadedModel(ModelPackage.Load(directory), sessions);
            _loaded.Add(name, model);
            return model;
        }
    }
}

/// <summary>A model package ready to run: its text encoder and picture codec over shared sessions. Graphs are loaded at first use. Safe for concurrent use.</summary>
public sealed class LoadedModel
{
    private readonly Lazy<PictureEncoder> _encoder;

    /// <summary>Creates a model; nothing is loaded yet.</summary>
    /// <param name="package">The package.</param>
    /// <param name="sessions">Loads graphs and keeps them; not owned.</param>
    public LoadedModel(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        Package = package;
        Sessions = sessions;
        Text = new TextEncoder(package, sessions);
        Decoder = new PictureDecoder(package, sessions);
        _encoder = new Lazy<PictureEncoder>(() => new PictureEncoder(package, sessions));
    }

    /// <summary>The package.</summary>
    public ModelPackage Package { get; }

    /// <summary>What the package says of itself.</summary>
    public ModelDescription Description => Package.Description;

    /// <summary>Loads graphs and keeps them.</summary>
    public SessionCache Sessions { get; }

    /// <summary>Prompts to embeddings.</summary>
    public TextEncoder Text { get; }

    /// <summary>Latents to pictures.</summary>
    public PictureDecoder Decoder { get; }

    /// <summary>Pictures to latents.</summary>
    /// <exception cref="UnsupportedByModelException">The package cannot encode pictures.</exception>
    public PictureEncoder Encoder => _encoder.Value;
}
