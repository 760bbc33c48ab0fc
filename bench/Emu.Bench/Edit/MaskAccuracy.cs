using Emu.Editing.Masks;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>The found mask against the true one: intersection by union of the pixels that belong at least by half.</summary>
internal static class MaskAccuracy
{
    /// <summary>Finds the subjects of the composites.</summary>
    public static async Task<Table> MeasureAsync(Photographs photographs, ISubjectFinder finder, CancellationToken cancellationToken)
    {
        var table = new Table().AddColumns("composite", "mask IoU");
        foreach (var (name, picture, mask) in await photographs.CompositesAsync(cancellationToken))
        {
            table.AddRow(name, $"{Overlap(await finder.FindAsync(picture, cancellationToken), mask):0.000}");
        }
        return table;
    }

    private static double Overlap(EditMask found, EditMask truth)
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < truth.Values.Length; i++)
        {
            both += found.Values[i] > 127 && truth.Values[i] > 127 ? 1 : 0;
            either += found.Values[i] > 127 || truth.Values[i] > 127 ? 1 : 0;
        }
        return either == 0 ? 1 : (double)both / either;
    }
}
