using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>Ten edits of a cup, each on the file that the one before wrote: what becomes of the wood around it. Beside it, the same through JPEG files.</summary>
internal static class Drift
{
    private static readonly EditOperation[] Chain =
    [
        new Tint(new PictureColor(40, 90, 220)), new Brighten(0.2), new Saturate(1.5), new Warm(0.3), new Contrast(0.2), new Sharpen(0.4), new Tint(new PictureColor(60, 180, 90), 0.5), new Blur(0.2), new Brighten(-0.2), new Warm(-0.4),
    ];

    /// <summary>Edits.</summary>
    public static async Task<Table> MeasureAsync(Photographs photographs, CancellationToken cancellationToken)
    {
        var source = await photographs.ReadAsync("coffee.png", cancellationToken);
        var cup = Photographs.Cup(source.Width, source.Height);
        var table = new Table().AddColumns("ten edits of the cup on coffee.png", "unrelated pixels kept", "mean difference of the others, levels of 255");
        foreach (var (name, encoding) in ((string, SourceEncoding?)[])[("as they are written (PNG)", null), ("through JPEG, quality 95", SourceEncoding.Lossy(PictureFormat.Jpeg, 95))])
        {
            var picture = source;
            foreach (var operation in Chain)
            {
                var outcome = await new EditEngine(new KnownSubject(cup)).ApplyAsync(picture, new EditPlan { Steps = [new EditStep(operation, EditTarget.Subject)] }, new EditInputs { Subject = cup }, null, cancellationToken);
                using var file = new MemoryStream();
                await new SourcePictureWriter().WriteAsync(outcome.Picture, file, encoding, cancellationToken);
                picture = await new SourcePictureReader().ReadAsync(file.ToArray(), cancellationToken);
            }
            var (same, all) = UnrelatedPixels.Count(source, picture, i => cup.Values[i] == 0);
            table.AddRow(name, $"{(double)same / all:P2}", $"{Difference(source, picture, cup):0.00}");
        }
        return table;
    }

    private static double Difference(SourcePicture before, SourcePicture after, EditMask cup)
    {
        var (sum, count) = (0L, 0L);
        for (var i = 0; i < cup.Values.Length; i++)
        {
            if (cup.Values[i] == 0)
            {
                for (var c = 0; c < 3; c++)
                {
                    sum += Math.Abs(before.Bytes[(i * 4) + c] - after.Bytes[(i * 4) + c]);
                }
                count += 3;
            }
        }
        return (double)sum / count;
    }
}
