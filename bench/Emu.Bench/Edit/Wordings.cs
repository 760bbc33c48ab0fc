using Emu.Editing.Plans;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>How many of the wordings that the tests hold are read as meant.</summary>
internal static class Wordings
{
    /// <summary>Counts.</summary>
    public static Table Measure()
    {
        var table = new Table().AddColumns("wordings", "read as meant");
        foreach (var file in (string[])["wordings.json", "further.json", "held-out.json"])
        {
            using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Plans", "Wordings", file));
            var accuracy = PlanWording.Measure(PlanWording.Load(stream));
            table.AddRow(file, $"{accuracy.Right} of {accuracy.Count} ({accuracy.Share:P1})");
        }
        return table;
    }
}
