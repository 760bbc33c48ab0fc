namespace Emu.Media.Pictures;

/// <summary>A file was not accepted as a picture. The message says what is wrong and what is accepted.</summary>
/// <param name="code">One of <see cref="PictureErrorCode"/>.</param>
/// <param name="message">What is wrong, for the person who sent the picture.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class InvalidPictureException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What is accepted, for messages.</summary>
    public const string AcceptedFormats = "Accepted: still PNG, JPEG, WebP, GIF and BMP.";

    /// <summary>One of <see cref="PictureErrorCode"/>; stable.</summary>
    public string Code { get; } = code;

    internal static InvalidPictureException Damaged(PictureFormat format, string what, Exception? innerException = null) =>
        new(PictureErrorCode.Damaged, $"The {Name(format)} is damaged: {what}.", innerException);

    internal static InvalidPictureException Truncated(PictureFormat format) => Damaged(format, "it ends too early");

    internal static InvalidPictureException Animated(PictureFormat format) =>
        new(PictureErrorCode.Animated, $"The {Name(format)} is animated. Send a still picture. {AcceptedFormats}");

    internal static InvalidPictureException Unsupported(string what, Exception? innerException = null) =>
        new(PictureErrorCode.UnsupportedFormat, $"{what} {AcceptedFormats}", innerException);

    internal static InvalidPictureException Foreign(PictureFormat format, string what) =>
        new(PictureErrorCode.ForeignContent, $"The {Name(format)} holds something besides a picture: {what}. Save it again and send that.");

    private static string Name(PictureFormat format) => PictureFormats.All[format].Title;
}

/// <summary>Why a picture was refused: the stable codes of <see cref="InvalidPictureException"/>.</summary>
public static class PictureErrorCode
{
    /// <summary>The file is empty.</summary>
    public const string Empty = "picture_empty";

    /// <summary>The file has more bytes than accepted.</summary>
    public const string TooManyBytes = "picture_too_many_bytes";

    /// <summary>The picture has more pixels than accepted.</summary>
    public const string TooManyPixels = "picture_too_many_pixels";

    /// <summary>A side of the picture is shorter than accepted.</summary>
    public const string TooSmall = "picture_too_small";

    /// <summary>One side of the picture is too short for the other.</summary>
    public const string TooThin = "picture_too_thin";

    /// <summary>The file is no picture, or of a format or variant that is not read.</summary>
    public const string UnsupportedFormat = "picture_format_unsupported";

    /// <summary>The picture moves.</summary>
    public const string Animated = "picture_animated";

    /// <summary>The file is damaged, cut short, or contradicts itself.</summary>
    public const string Damaged = "picture_damaged";

    /// <summary>The file is something else besides a picture: an archive, a document, a program or a script.</summary>
    public const string ForeignContent = "picture_foreign_content";

    /// <summary>Decoding took longer than accepted.</summary>
    public const string TooSlow = "picture_too_slow";
}
