using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests;

/// <summary>Pictures and masks by chance, and finders and makers that give what they are told.</summary>
internal static class RandomPictures
{
    /// <summary>Noise in every sample, alpha too if it is not to be opaque.</summary>
    public static SourcePicture Noise(int width, int height, int bits, int seed, bool opaque = true) => SourcePicture.Create(width, height, bits, SourceMetadata.None, (seed, bits, opaque), static (bytes, state) =>
    {
        new Random(state.seed).NextBytes(bytes);
        var size = state.bits / 2;
        for (var i = 0; state.opaque && i < bytes.Length; i += size)
        {
            bytes.Slice(i + (size * 3 / 4), size / 4).Fill(255);
        }
    });

    /// <summary>A soft disc, wholly inside in its middle and wholly outside near the corners.</summary>
    public static EditMask Disc(int width, int height, double x, double y, double radius, double soft = 3) => EditMask.CreateByRows(width, height, (row, values) =>
    {
        for (var column = 0; column < values.Length; column++)
        {
            var distance = Math.Sqrt(((column - x) * (column - x)) + ((row - y) * (row - y)));
            values[column] = (byte)Math.Clamp(128 + ((radius - distance) * 255 / soft), 0, 255);
        }
    });

    /// <summary>A picture of one colour and another where a mask is, mixed at its edge.</summary>
    public static SourcePicture Mixed(EditMask mask, PictureColor subject, PictureColor ground) => SourcePicture.CreateByRows(mask.Width, mask.Height, 8, SourceMetadata.None, (y, row) =>
    {
        for (var x = 0; x < mask.Width; x++)
        {
            var share = mask.Row(y)[x] / 255.0;
            var pixel = row.Slice(x * 4, 4);
            pixel[0] = (byte)Math.Round((subject.Red * share) + (ground.Red * (1 - share)));
            pixel[1] = (byte)Math.Round((subject.Green * share) + (ground.Green * (1 - share)));
            pixel[2] = (byte)Math.Round((subject.Blue * share) + (ground.Blue * (1 - share)));
            pixel[3] = 255;
        }
    });

    public static EditPlan Plan(EditTarget target, params EditOperation[] operations) => new() { Steps = [.. operations.Select(operation => new EditStep(operation, target))] };

    /// <summary>Applies a plan with a known subject, which is the painted mask as well.</summary>
    public static Task<EditOutcome> ApplyAsync(SourcePicture picture, EditMask? mask, EditTarget target, params EditOperation[] operations) =>
        new EditEngine(new Finder(mask), new Stickers()).ApplyAsync(
            picture,
            Plan(target, operations),
            new EditInputs { Mask = mask, Background = Picture.Filled(7, 5, new PictureColor(9, 90, 200)), Seed = 3 });

    /// <summary>Finds what it was given.</summary>
    internal sealed class Finder(EditMask? mask) : ISubjectFinder
    {
        public int Calls { get; private set; }

        public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken)
        {
            Calls++;
            return mask is null ? throw new SubjectModelMissingException("missing") : Task.FromResult(mask);
        }
    }

    /// <summary>Makes a green square with a transparent border.</summary>
    internal sealed class Stickers : IStickerMaker
    {
        public Task<Picture> MakeAsync(string prompt, long seed, CancellationToken cancellationToken) => Task.FromResult(Picture.Create(32, 32, 0, static (samples, _) =>
        {
            for (var i = 0; i < samples.Length; i += 4)
            {
                var (x, y) = (i / 4 % 32, i / 128);
                (samples[i + 1], samples[i + 3]) = (200, x is > 4 and < 28 && y is > 4 and < 28 ? (byte)255 : (byte)0);
            }
        }));
    }
}
