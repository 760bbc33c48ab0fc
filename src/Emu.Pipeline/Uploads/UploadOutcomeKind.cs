namespace Emu.Pipeline.Uploads;

/// <summary>What became of an event about an uploaded file.</summary>
public enum UploadOutcomeKind
{
    /// <summary>Neither a picture nor a text, or gone.</summary>
    Ignored,

    /// <summary>A picture without its text yet (or a text without its picture), or still being written: look again later.</summary>
    Waiting,

    /// <summary>A job was started for it.</summary>
    Started,

    /// <summary>It has a job already.</summary>
    AlreadyStarted,

    /// <summary>It was refused; a report lies beside it.</summary>
    Refused,
}
