using System.ComponentModel;

namespace Emu.Api.Images;

/// <summary>The answer to a generation of images.</summary>
/// <param name="Created">When.</param>
/// <param name="Data">The pictures.</param>
/// <param name="Background">Whether the ground is transparent.</param>
/// <param name="OutputFormat">The files' format.</param>
/// <param name="Size">Width and height.</param>
public sealed record ImagesResource(
    [property: Description("Unix seconds.")] long Created,
    IReadOnlyList<GeneratedImage> Data,
    [property: Description("`transparent` or `opaque`.")] string Background,
    string OutputFormat,
    string Size);
