using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;

namespace Emu.Generation.Models;

/// <summary>A model package ready to run: its text encoder and picture codec over shared sessions. Graphs are loaded when first used. Safe for concurrent use.</summary>
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
