namespace Emu.Media.Pictures;

/// <summary>A file was not accepted as a picture. The message says what is wrong and what is accepted.</summary>
/// <param name="code">One of <see cref="PictureErrorCode"/>.</param>
/// <param name="message">What is wrong, in words for whoever sent the picture.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class InvalidPictureException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What is accepted, for messages.</summary>
    public const string AcceptedFormats = "Accepted: still PNG, JPEG, WebP, GIF and BMP.";

    /// <summary>One of <see cref="PictureErrorCode"/>; stable.</summary>
    public string Code { get; } = code;

    internal static InvalidPictureException Damaged(PictureFormat format, string what) =>
        new(PictureErrorCode.Damaged, $"The {Name(format)} is damaged: {what}.");

    internal static InvalidPictureException Truncated(PictureFormat format) => Damaged(format, "it ends too early");

    internal static InvalidPictureException Animated(PictureFormat format) =>
        new(PictureErrorCode.Animated, $"The {Name(format)} is animated. Send a still picture. {AcceptedFormats}");

    internal static InvalidPictureException Unsupported(string what) =>
        new(PictureErrorCode.UnsupportedFormat, $"{what} {AcceptedFormats}");

    internal static InvalidPictureException Foreign(PictureFormat format, string what) =>
        new(PictureErrorCode.ForeignContent, $"The {Name(format)} holds something besides a picture: {what}. Save it anew and send that.");

    private static string Name(PictureFormat format) => format switch
    {
        PictureFormat.Png => "PNG",
        PictureFormat.Jpeg => "JPEG",
        PictureFormat.WebP => "WebP",
        PictureFormat.Gif => "GIF",
        PictureFormat.Bmp => "BMP",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a picture format."),
    };
}
