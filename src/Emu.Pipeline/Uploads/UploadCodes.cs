namespace Emu.Pipeline.Uploads;

/// <summary>The codes of reports about uploads that are not those of pictures or jobs.</summary>
public static class UploadCodes
{
    /// <summary>A file is larger than any picture may be; the validator's own code.</summary>
    public const string TooManyBytes = "picture_too_many_bytes";

    /// <summary>A text is required, and none came in time.</summary>
    public const string PromptMissing = "prompt_missing";

    /// <summary>A text came when its picture's job had begun.</summary>
    public const string TextTooLate = "text_too_late";

    /// <summary>A text is not UTF-8, or longer than any prompt.</summary>
    public const string InvalidText = "invalid_text";
}
