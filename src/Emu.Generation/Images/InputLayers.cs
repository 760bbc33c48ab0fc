using Emu.Diffusion.ModelPackages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Images;

/// <summary>
/// A user's picture in two layers. A model knows opaque and transparent, and soft edges between them; larger areas that are
/// partly transparent it would make opaque, and dark, because its colours are premultiplied. Of such areas, those that are
/// nearer to opaque are decided beforehand; the fainter ones (shadows, glows) stay out of the model and lie unchanged below
/// every frame.
/// </summary>
/// <param name="Solid">What the model gets.</param>
/// <param name="Soft">What lies below its frames; null if there is nothing.</param>
public sealed record InputLayers(Picture Solid, Picture? Soft)
{
    /// <summary>The side of a square of partly transparent pixels that makes an area; edges are narrower.</summary>
    private const int AreaSide = 4;

    private const int HalfOpaque = 128;

    /// <summary>Splits a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="model">The model; one without alpha gets the whole picture, on white.</param>
    /// <param name="transparent">Whether the result keeps transparency: colours then become opaque as they are, otherwise as they look on white.</param>
    public static InputLayers Of(Picture picture, ModelDescription model, bool transparent)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Alpha == PictureAlpha.None || !picture.HasTransparency)
        {
            return new(picture, null);
        }

        // At the model's resolution, at most: there the edge of a large picture is as narrow as that of a small one.
        var small = picture.Within(model.NativeSize, model.NativeSize);
        if (Areas(small) is not { } areas)
        {
            return new(picture, null);
        }

        var threshold = Math.Min(HalfOpaque, (MaximumAlpha(small) + 1) / 2);
        var opaque = transparent ? null : small.Over(PictureColor.White);
        var solid = small.Samples.ToArray();
        var soft = new byte[solid.Length];
        for (var i = 0; i < areas.Length; i++)
        {
            var pixel = solid.AsSpan(i * Picture.Channels, Picture.Channels);
            if (areas[i] && pixel[3] < threshold)
            {
                pixel.CopyTo(soft.AsSpan(i * Picture.Channels));
                pixel.Clear();
            }
            else if (areas[i])
            {
                opaque?.Samples.Slice(i * Picture.Channels, Picture.Channels).CopyTo(pixel);
                pixel[3] = 255;
            }
        }

        var layer = Picture.FromSamples(small.Width, small.Height, soft);
        return new(Picture.FromSamples(small.Width, small.Height, solid), soft.AsSpan().ContainsAnyExcept((byte)0) ? layer : null);
    }

    /// <summary>The layers of a job's input picture; null if it has none.</summary>
    internal static async Task<InputLayers?> ReadAsync(StageRun run, ModelDescription model, CancellationToken cancellationToken)
    {
        if (run.Request.InputPicture is not { } artifact)
        {
            return null;
        }

        await using var stream = await run.Store.OpenReadAsync(artifact, cancellationToken);
        return Of(await new PictureReader().ReadAsync(stream, cancellationToken), model, run.Request.Transparent);
    }

    /// <summary>A frame that was made of the solid layer, with the soft one below it.</summary>
    public Picture Complete(Picture frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Soft is null ? frame : frame.Over(Soft.Contain(frame.Width, frame.Height));
    }

    /// <summary>Which pixels lie in a square that is partly transparent all over; null if none does.</summary>
    private static bool[]? Areas(Picture picture)
    {
        var (width, height) = (picture.Width, picture.Height);
        var areas = new bool[width * height];
        // For each pixel, the side of the largest such square whose last corner it is.
        var sides = new int[width * height];
        var any = false;
        for (var y = 0; y < height; y++)
        {
            var row = picture.Row(y);
            for (var x = 0; x < width; x++)
            {
                if (row[(x * Picture.Channels) + 3] is 0 or 255)
                {
                    continue;
                }

                var at = (y * width) + x;
                sides[at] = x == 0 || y == 0 ? 1 : 1 + Math.Min(Math.Min(sides[at - 1], sides[at - width]), sides[at - width - 1]);
                for (var j = 0; sides[at] >= AreaSide && j < AreaSide; j++)
                {
                    areas.AsSpan(at - (j * width) - AreaSide + 1, AreaSide).Fill(true);
                    any = true;
                }
            }
        }

        return any ? areas : null;
    }

    private static int MaximumAlpha(Picture picture)
    {
        var maximum = 0;
        for (var i = 3; i < picture.Samples.Length; i += Picture.Channels)
        {
            maximum = Math.Max(maximum, picture.Samples[i]);
        }

        return maximum;
    }
}
