using Emu.Media.Pictures;

namespace Emu.Pipeline.Jobs;

/// <summary>A user's picture, checked by whoever took it in (its first bytes, sizes and length).</summary>
public sealed record InputPicture
{
    private static readonly string[] Endings = ["png", "jpg", "webp", "gif", "bmp"];

    /// <summary>Creates it.</summary>
    /// <param name="content">The file as it came; at most 50 MB.</param>
    /// <param name="ending">Its format: <c>png</c>, <c>jpg</c>, <c>webp</c>, <c>gif</c> or <c>bmp</c>.</param>
    /// <exception cref="ArgumentException">The content is empty or the ending another.</exception>
    public InputPicture(ReadOnlyMemory<byte> content, string ending)
    {
        if (content.IsEmpty)
        {
            throw new ArgumentException("The picture is empty.", nameof(content));
        }

        if (!Endings.Contains(ending))
        {
            throw new ArgumentException($"'{ending}' is no picture's ending: {string.Join(", ", Endings)}.", nameof(ending));
        }

        Content = content;
        Ending = ending;
    }

    /// <summary>The file as it came.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Its format.</summary>
    public string Ending { get; }

    /// <summary>A picture whose format was recognised.</summary>
    public static InputPicture Of(ReadOnlyMemory<byte> content, PictureFormat format) =>
        new(content, format.Extension().TrimStart('.'));
}
