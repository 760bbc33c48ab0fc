using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>The pictures that a job is created with.</summary>
public sealed record JobPictures
{
    internal const string InputName = "input";
    internal const string MaskName = "mask";
    internal const string BackgroundName = "background";

    /// <summary>No picture.</summary>
    public static JobPictures None { get; } = new();

    /// <summary>A video's first frame, or the picture that is edited.</summary>
    public InputPicture? Input { get; init; }

    /// <summary>What an edit may change: the mask's transparent area, or, in a mask without transparency, its white area.</summary>
    public InputPicture? Mask { get; init; }

    /// <summary>What an edit puts behind the subject.</summary>
    public InputPicture? Background { get; init; }

    /// <summary>The pictures that there are, with the names that their artifacts have (<see cref="JobNames.Input"/>).</summary>
    internal IEnumerable<(string Name, InputPicture Picture)> All
    {
        get
        {
            foreach (var (name, picture) in new[] { (InputName, Input), (MaskName, Mask), (BackgroundName, Background) })
            {
                if (picture is not null)
                {
                    yield return (name, picture);
                }
            }
        }
    }

    /// <summary>Reads the pictures of a job again.</summary>
    /// <exception cref="JobNotFoundException">One is not there any more.</exception>
    internal static async Task<JobPictures> ReadAsync(IArtifactStore store, JobRecord job, CancellationToken cancellationToken) => new()
    {
        Input = await ReadAsync(store, job, job.Request.InputPicture, job.Request.Edit?.PictureSize, cancellationToken),
        Mask = await ReadAsync(store, job, job.Request.Edit?.Mask, null, cancellationToken),
        Background = await ReadAsync(store, job, job.Request.Edit?.Background, null, cancellationToken),
    };

    private static async Task<InputPicture?> ReadAsync(IArtifactStore store, JobRecord job, string? artifact, FrameSize? size, CancellationToken cancellationToken)
    {
        if (artifact is null)
        {
            return null;
        }

        var content = await store.ReadAsync(artifact, cancellationToken) ?? throw new JobNotFoundException(job.Id);
        return new InputPicture(content.Content, Path.GetExtension(artifact).TrimStart('.'), size);
    }
}

/// <summary>The artifacts of the pictures that a job is created with, and the size of the first.</summary>
/// <param name="Input">A video's first frame, or the picture that is edited; null if there is none.</param>
/// <param name="Mask">An edit's mask; null if there is none.</param>
/// <param name="Background">An edit's background; null if there is none.</param>
/// <param name="Size">The first picture's size, in pixels; needed for an edit.</param>
public sealed record JobArtifacts(string? Input, string? Mask = null, string? Background = null, FrameSize? Size = null)
{
    /// <summary>No picture.</summary>
    public static JobArtifacts None { get; } = new(null, null, null, null);

    /// <summary>The artifacts that a job's pictures will have.</summary>
    internal static JobArtifacts Of(string id, JobPictures pictures)
    {
        return new(Name(JobPictures.InputName, pictures.Input), Name(JobPictures.MaskName, pictures.Mask), Name(JobPictures.BackgroundName, pictures.Background), pictures.Input?.Size);

        string? Name(string name, InputPicture? picture) => picture is null ? null : JobNames.Input(id, picture.Extension, name);
    }
}
