using Emu.Diffusion.Sessions;
using Emu.Pipeline.Webhooks;

namespace Emu.Local.Hosting;

/// <summary>What works on one machine, and on which data.</summary>
internal sealed record WorkHostOptions
{
    /// <summary>The data folder: engine, secrets, and artifacts unless <see cref="Storage"/> is given.</summary>
    public required DataFolder Data { get; init; }

    /// <summary>The blob storage that holds artifacts, uploads and outputs instead; null for folders.</summary>
    public string? Storage { get; init; }

    /// <summary>The model packages' folders; the first is the default.</summary>
    public required IReadOnlyList<string> ModelFolders { get; init; }

    /// <summary>Where models run.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>In which numbers graphs are computed.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>How long a stage works before it leaves a checkpoint; null for the default.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Whether what stages leave for each other is kept.</summary>
    public bool KeepIntermediate { get; init; }

    /// <summary>How webhooks are sent.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>What is watched for pictures.</summary>
    public required UploadSettings Uploads { get; init; }
}
