namespace Emu.Local.Hosting;

/// <summary>What is watched for pictures.</summary>
public sealed record UploadSettings
{
    /// <summary>The places; none switches uploads off.</summary>
    public required IReadOnlyList<UploadSetting> Places { get; init; }

    /// <summary>How long a picture waits for its text.</summary>
    public TimeSpan TextWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a picture without a text is an error.</summary>
    public bool RequireText { get; init; }
}
