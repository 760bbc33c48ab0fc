namespace Emu.Media.Pictures;

/// <summary>Why a picture was refused: the stable codes of <see cref="InvalidPictureException"/>.</summary>
public static class PictureErrorCode
{
    /// <summary>The file is empty.</summary>
    public const string Empty = "picture_empty";

    /// <summary>The file has more bytes than accepted.</summary>
    public const string TooManyBytes = "picture_too_many_bytes";

    /// <summary>The picture has more pixels than accepted.</summary>
    public const string TooManyPixels = "picture_too_many_pixels";

    /// <summary>The file is no picture, or of a format or variant that is not read.</summary>
    public const string UnsupportedFormat = "picture_format_unsupported";

    /// <summary>The picture moves.</summary>
    public const string Animated = "picture_animated";

    /// <summary>The file is damaged, cut short, or contradicts itself.</summary>
    public const string Damaged = "picture_damaged";

    /// <summary>The file is something else besides a picture: data follows it, or it is an archive or a document at once.</summary>
    public const string ForeignContent = "picture_foreign_content";

    /// <summary>Decoding took longer than accepted.</summary>
    public const string TooSlow = "picture_too_slow";
}
