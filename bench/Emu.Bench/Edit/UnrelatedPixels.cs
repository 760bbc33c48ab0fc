using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>
/// Edits of regions on every photograph, written as files and read again: the share of the unrelated pixels that are the source's bit for
/// bit. Unrelated to an edit of the ground is what the mask says is wholly subject, and the other way around; else what the edit does not
/// name as changed.
/// </summary>
internal static class UnrelatedPixels
{
    private static readonly string[] Instructions =
    [
        "make the background white", "blur the background", "make the background a gradient from blue to pink", "make the subject black and white", "tint the subject red",
        "make the background darker", "write \"Aloha!\" on it", "add a cup in the top left corner", "remove the subject", "show the box around the subject",
    ];

    /// <summary>Edits.</summary>
    public static async Task<Table> MeasureAsync(Photographs photographs, ISubjectFinder finder, CancellationToken cancellationToken)
    {
        var table = new Table().AddColumn("instruction").AddColumns([.. Photographs.Names.Select(name => Path.GetFileNameWithoutExtension(name)!)]).AddColumn("unrelated pixels kept");
        var stickers = await OneSticker.CupAsync(photographs, cancellationToken);
        var pictures = new List<(SourcePicture Picture, EditMask Subject)>();
        foreach (var name in Photographs.Names)
        {
            var picture = await photographs.ReadAsync(name, cancellationToken);
            pictures.Add((picture, await finder.FindAsync(picture, cancellationToken)));
        }
        foreach (var instruction in Instructions)
        {
            var plan = PlanReader.Read([instruction]);
            var (cells, kept, unrelated) = (new List<string> { instruction }, 0L, 0L);
            foreach (var (picture, subject) in pictures)
            {
                var outcome = await new EditEngine(finder, stickers).ApplyAsync(picture, plan, new EditInputs { Subject = subject, Seed = 1 }, null, cancellationToken);
                using var file = new MemoryStream();
                await new SourcePictureWriter().WriteAsync(outcome.Picture, file, null, cancellationToken);
                var read = await new SourcePictureReader().ReadAsync(file.ToArray(), cancellationToken);
                var (same, all) = Count(picture, read, i => IsUnrelated(plan.Steps[0], subject.Values[i], outcome.Changed is { } changed ? changed.Values[i] : (byte)255));
                (kept, unrelated) = (kept + same, unrelated + all);
                cells.Add($"{outcome.KeptShare:P1}");
            }
            table.AddRow([.. cells, $"{kept:N0} of {unrelated:N0} ({(double)kept / unrelated:P2})"]);
        }
        return table;
    }

    /// <summary>How many pixels of a region are bit-identical, and how many there are.</summary>
    public static (long Same, long All) Count(SourcePicture before, SourcePicture after, Func<int, bool> isInRegion)
    {
        var (same, all) = (0L, 0L);
        var bytes = before.BytesPerPixel;
        for (var i = 0; i < before.Width * before.Height; i++)
        {
            if (isInRegion(i))
            {
                all++;
                same += before.Bytes.Slice(i * bytes, bytes).SequenceEqual(after.Bytes.Slice(i * bytes, bytes)) ? 1 : 0;
            }
        }
        return (same, all);
    }

    private static bool IsUnrelated(EditStep step, byte subject, byte changed) => (step.Target, step.Operation.Task) switch
    {
        (_, EditTask.Remove or EditTask.Detect) => changed == 0,
        (EditTarget.Ground, _) or (_, EditTask.Background) => subject == 255,
        (EditTarget.Subject, _) => subject == 0,
        _ => changed == 0,
    };
}
