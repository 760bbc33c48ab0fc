using System.Diagnostics;
using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>
/// The same edits by hand with ffmpeg, where they can be said in its language, with the true mask given to both; and returning the
/// source, which keeps everything and does nothing.
/// </summary>
internal static class ByHand
{
    private static readonly (string Name, EditOperation Operation, EditTarget Target, string Filter)[] Edits =
    [
        ("sepia", new Sepia(), EditTarget.Everything, "[0]colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131:0,format=gbrp"),
        ("the ground white", new SolidBackground(PictureColor.White), EditTarget.Ground, "color=white:s=600x400:d=1,format=gbrp[w];[0]format=gbrp[a];[1]format=gbrp[m];[w][a][m]maskedmerge"),
        ("the ground blurred", new BlurBackground(), EditTarget.Ground, "[0]format=gbrp,split[a][b];[b]gblur=sigma=8[s];[1]format=gbrp[m];[s][a][m]maskedmerge"),
        ("the cup grey", new Grey(), EditTarget.Subject, "[0]format=gbrp,split[a][b];[b]hue=s=0,format=gbrp[g];[1]format=gbrp[m];[a][g][m]maskedmerge"),
    ];

    /// <summary>Edits coffee.png both ways.</summary>
    public static async Task<Table> MeasureAsync(Photographs photographs, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        var source = await photographs.ReadAsync("coffee.png", cancellationToken);
        var cup = Photographs.Cup(source.Width, source.Height);
        var (picture, mask) = (Path.Combine(folder.Path, "source.png"), Path.Combine(folder.Path, "mask.png"));
        await new SourcePictureWriter().WriteAsync(source, picture, null, cancellationToken);
        await new PictureWriter().WriteAsync(cup.ToPicture(), mask, PictureEncoding.Png, cancellationToken);
        var table = new Table().AddColumns("edit of coffee.png, mask given", "unrelated pixels kept: Emu", "ffmpeg", "the source", "difference in the region to the source: Emu", "ffmpeg", "the ground's colour beside the cup, distance from what it was: Emu", "ffmpeg");
        foreach (var (name, operation, target, filter) in Edits)
        {
            var outcome = await new EditEngine(new KnownSubject(cup)).ApplyAsync(source, new EditPlan { Steps = [new EditStep(operation, target)] }, new EditInputs { Subject = cup }, null, cancellationToken);
            var made = Path.Combine(folder.Path, "made.png");
            await FfmpegAsync(["-y", "-v", "error", "-i", picture, "-i", mask, "-filter_complex", filter, "-frames:v", "1", "-pix_fmt", "rgb24", made], cancellationToken);
            var hand = await new SourcePictureReader().ReadAsync(made, cancellationToken);
            var unrelated = target == EditTarget.Ground ? (byte)255 : (byte)0;
            var ring = cup.Grow(10, cancellationToken);
            table.AddRow(
                name,
                target == EditTarget.Everything ? "–" : Share(source, outcome.Picture, cup, unrelated),
                target == EditTarget.Everything ? "–" : Share(source, hand, cup, unrelated),
                target == EditTarget.Everything ? "–" : "100 %",
                $"{Difference(source, outcome.Picture, i => target == EditTarget.Everything || cup.Values[i] != unrelated):0.0}",
                $"{Difference(source, hand, i => target == EditTarget.Everything || cup.Values[i] != unrelated):0.0}",
                operation is BlurBackground ? $"{Difference(source, outcome.Picture, i => ring.Values[i] == 255 && cup.Values[i] == 0):0.0}" : "–",
                operation is BlurBackground ? $"{Difference(source, hand, i => ring.Values[i] == 255 && cup.Values[i] == 0):0.0}" : "–");
        }
        return table;
    }

    private static string Share(SourcePicture source, SourcePicture made, EditMask mask, byte value)
    {
        var (same, all) = UnrelatedPixels.Count(source, made, i => mask.Values[i] == value);
        return $"{(double)same / all:P1}";
    }

    /// <summary>The mean difference of samples, in levels of 255.</summary>
    private static double Difference(SourcePicture source, SourcePicture made, Func<int, bool> where)
    {
        var (sum, count) = (0L, 0L);
        for (var i = 0; i < source.Width * source.Height; i++)
        {
            if (where(i))
            {
                for (var c = 0; c < 3; c++)
                {
                    sum += Math.Abs(source.Bytes[(i * 4) + c] - made.Bytes[(i * 4) + c]);
                }
                count += 3;
            }
        }
        return (double)sum / Math.Max(1, count);
    }

    private static async Task FfmpegAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg failed: {errors}");
        }
    }
}
