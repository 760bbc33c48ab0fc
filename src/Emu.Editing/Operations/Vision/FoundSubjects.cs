using System.Text.Json.Serialization;
using Emu.Editing.Masks;
using Emu.Media.Codecs;

namespace Emu.Editing.Operations.Vision;

/// <summary>What was found, as data: the box in pixels, and the mask as a picture.</summary>
/// <param name="X">The box's left edge.</param>
/// <param name="Y">The box's top edge.</param>
/// <param name="Width">The box's width.</param>
/// <param name="Height">The box's height.</param>
/// <param name="Share">The share of the picture that the subject takes, 0 to 1.</param>
/// <param name="Mask">A grey PNG of the picture's size, white where the subject is, as a data URL.</param>
public sealed record FoundSubjectData(
    [property: JsonPropertyName("x")] int X,
    [property: JsonPropertyName("y")] int Y,
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("mask")] string Mask);

/// <summary>Makes data of what was found.</summary>
public static class FoundSubjects
{
    /// <summary>The subject as data.</summary>
    public static async Task<FoundSubjectData> ToDataAsync(this FoundSubject found, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        using var png = new MemoryStream();
        await new PictureWriter().WriteAsync(found.Mask.ToPicture(), png, PictureEncoding.Png, cancellationToken);
        var sum = 0L;
        foreach (var value in found.Mask.Values)
        {
            sum += value;
        }
        return new FoundSubjectData(
            found.X,
            found.Y,
            found.Width,
            found.Height,
            Math.Round(sum / (255d * found.Mask.Width * found.Mask.Height), 4),
            $"data:image/png;base64,{Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length)}");
    }

    /// <summary>The step's subject.</summary>
    /// <exception cref="EditException">There is none.</exception>
    internal static FoundSubject Of(EditContext context)
    {
        const string None = "No subject was found in the picture: nothing in it stands out from its ground.";
        var mask = context.Subject ?? throw new EditException(None);
        return mask.BoundingBox() is { } box ? new FoundSubject(box.X, box.Y, box.Width, box.Height, mask) : throw new EditException(None);
    }
}
