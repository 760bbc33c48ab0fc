namespace Emu.Pipeline.Jobs;

/// <summary>A user's picture that a validator has accepted.</summary>
public sealed record InputPicture
{
    /// <summary>The field that a picture comes in, for errors.</summary>
    public const string Parameter = "input_reference";

    /// <summary>The extensions of the formats that are read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["png", "jpg", "webp", "gif", "bmp"];

    /// <summary>Creates it.</summary>
    /// <param name="content">The file as it came; as large as its validator accepts.</param>
    /// <param name="extension">Its format: one of <see cref="Extensions"/>.</param>
    /// <param name="size">Its size as seen, if that is known.</param>
    /// <exception cref="ArgumentException">The content is empty or the extension another.</exception>
    public InputPicture(ReadOnlyMemory<byte> content, string extension, FrameSize? size = null)
    {
        if (content.IsEmpty)
        {
            throw new ArgumentException("The picture is empty.", nameof(content));
        }

        if (!Extensions.Contains(extension))
        {
            throw new ArgumentException($"'{extension}' is not an accepted extension: {string.Join(", ", Extensions)}.", nameof(extension));
        }

        Content = content;
        Extension = extension;
        Size = size;
    }

    /// <summary>The file as it came.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Its format.</summary>
    public string Extension { get; }

    /// <summary>Its size as seen (turned as the file says), in pixels; null if nobody looked.</summary>
    public FrameSize? Size { get; }
}

/// <summary>The largest image that is accepted.</summary>
/// <param name="MaximumBytes">Bytes of the file.</param>
/// <param name="MaximumPixels">Width × height.</param>
public sealed record ImageLimits(long MaximumBytes, long MaximumPixels)
{
    /// <summary>50 MB and 50 megapixels.</summary>
    public static ImageLimits Default { get; } = new(50_000_000, 50_000_000);

    /// <summary>What an edit may have made: 50 megapixels of 16 bits, hardly compressed.</summary>
    public static ImageLimits Edited { get; } = new(400_000_000, 50_000_000);
}

/// <summary>Checks untrusted images before a job is made of them. Implemented where the decoders are.</summary>
public interface IImageValidator
{
    /// <summary>Recognises, measures and decodes a file within the limits.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <exception cref="InvalidJobException">It is not accepted, with a stable code and what is accepted.</exception>
    Task<InputPicture> ValidateAsync(ReadOnlyMemory<byte> file, ImageLimits limits, CancellationToken cancellationToken);
}
