using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Bench.Edit;

/// <summary>Photographs of scikit-image, and composites of them whose masks are known.</summary>
/// <param name="folder">Where they lie.</param>
internal sealed class Photographs(string folder)
{
    /// <summary>Where Debian's package python3-skimage puts them.</summary>
    public const string DebianFolder = "/usr/lib/python3/dist-packages/skimage/data";

    /// <summary>The photographs' files.</summary>
    public static IReadOnlyList<string> Names { get; } = ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"];

    /// <summary>Reads a photograph.</summary>
    public Task<SourcePicture> ReadAsync(string name, CancellationToken cancellationToken) => new SourcePictureReader().ReadAsync(Path.Combine(folder, name), cancellationToken);

    /// <summary>The cup with its saucer on coffee.png, which is an ellipse: measured by hand.</summary>
    public static EditMask Cup(int width, int height) => EditMask.CreateByRows(width, height, (y, row) =>
    {
        for (var x = 0; x < row.Length; x++)
        {
            var (u, v) = ((((x + 0.5) / width * 600) - 278) / 200, (((y + 0.5) / height * 400) - 207) / 178);
            row[x] = (u * u) + (v * v) < 1 ? (byte)255 : (byte)0;
        }
    });

    /// <summary>Pictures with their true masks: a thing cut from one photograph on the ground of another.</summary>
    public async Task<IReadOnlyList<(string Name, SourcePicture Picture, EditMask Mask)>> CompositesAsync(CancellationToken cancellationToken)
    {
        var horse = await HorseAsync(cancellationToken);
        var fur = (await ReadAsync("chelsea.png", cancellationToken)).ToPicture().Cover(horse.Width, horse.Height);
        var wood = (await ReadAsync("coffee.png", cancellationToken)).ToPicture().Cropped(400, 0, 200, 133).Resized(horse.Width, horse.Height);
        var sky = (await ReadAsync("rocket.jpg", cancellationToken)).ToPicture().Cropped(0, 0, 200, 133).Resized(horse.Width, horse.Height);
        var cup = (await ReadAsync("coffee.png", cancellationToken)).ToPicture();
        var grass = (await ReadAsync("grass.png", cancellationToken)).ToPicture().Cover(cup.Width, cup.Height);
        return
        [
            ("a horse of fur on wood", Composite(fur, wood, horse), horse),
            ("a horse of fur on the sky", Composite(fur, sky, horse), horse),
            ("a cup on grass", Composite(cup, grass, Cup(cup.Width, cup.Height)), Cup(cup.Width, cup.Height)),
        ];
    }

    /// <summary>horse.png is a black silhouette on white.</summary>
    private async Task<EditMask> HorseAsync(CancellationToken cancellationToken)
    {
        var silhouette = (await ReadAsync("horse.png", cancellationToken)).ToPicture().Over(PictureColor.White);
        return EditMasks.FromPicture(silhouette.Resized(silhouette.Width * 2, silhouette.Height * 2)).Invert();
    }

    private static SourcePicture Composite(Picture thing, Picture ground, EditMask mask)
    {
        var cut = Picture.Create(mask.Width, mask.Height, (thing, mask), static (samples, state) =>
        {
            state.thing.Samples.CopyTo(samples);
            for (var i = 0; i < state.mask.Values.Length; i++)
            {
                samples[(i * 4) + 3] = state.mask.Values[i];
            }
        });
        return SourcePicture.From(cut.Over(ground));
    }
}

/// <summary>Gives one picture as every sticker: the evaluation measures what is done with stickers, not how they are made.</summary>
internal sealed class OneSticker(Picture sticker) : IStickerMaker
{
    /// <summary>The cup of coffee.png, cut out.</summary>
    public static async Task<OneSticker> CupAsync(Photographs photographs, CancellationToken cancellationToken)
    {
        var photo = (await photographs.ReadAsync("coffee.png", cancellationToken)).ToPicture();
        return new OneSticker(Picture.Create(photo.Width, photo.Height, photo, static (samples, photo) =>
        {
            photo.Samples.CopyTo(samples);
            var mask = Photographs.Cup(photo.Width, photo.Height);
            for (var i = 0; i < mask.Values.Length; i++)
            {
                samples[(i * 4) + 3] = mask.Values[i];
            }
        }));
    }

    /// <inheritdoc/>
    public Task<Picture> MakeAsync(string prompt, long seed, CancellationToken cancellationToken) => Task.FromResult(sticker);
}

/// <summary>A mask that is known.</summary>
internal sealed class KnownSubject(EditMask mask) : ISubjectFinder
{
    /// <inheritdoc/>
    public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken) => Task.FromResult(mask);
}
