using Emu.Editing.Tests.Plans;
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
            var wordings = Wording.Load(file);
            var right = wordings.Count(wording => wording.Mistake() is null);
            table.AddRow(file, $"{right} of {wordings.Count} ({(double)right / wordings.Count:P1})");
        }
        return table;
    }
}
