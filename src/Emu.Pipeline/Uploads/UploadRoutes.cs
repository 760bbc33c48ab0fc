namespace Emu.Pipeline.Uploads;

/// <summary>A container that is watched, where its results go, and how its pictures become jobs.</summary>
/// <param name="Uploads">Where pictures are put.</param>
/// <param name="Outputs">Where results land.</param>
/// <param name="Options">Whose jobs they are, and what to do about missing texts.</param>
public sealed record UploadRoute(IUploadContainer Uploads, IUploadContainer Outputs, UploadOptions Options);

/// <summary>How uploads into a container become jobs.</summary>
public sealed record UploadOptions
{
    private readonly TimeSpan _textWait = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _unfinishedWait = TimeSpan.FromSeconds(60);

    /// <summary>Whose jobs they are.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether a picture without a text is an error instead of a job without a prompt; false by default.</summary>
    public bool RequireText { get; init; }

    /// <summary>How long a picture waits for its text, from its last change; 10 s by default.</summary>
    public TimeSpan TextWait
    {
        get => _textWait;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _textWait = value;
        }
    }

    /// <summary>How long a picture in a folder that ends too early counts as still being written; 60 s by default.</summary>
    public TimeSpan UnfinishedWait
    {
        get => _unfinishedWait;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _unfinishedWait = value;
        }
    }
}
