using System.Globalization;

namespace Emu.Local.Doctor;

/// <summary>Whether a video's artifacts fit into the temporary folder.</summary>
internal static class TemporarySpaceCheck
{
    private const long Needed = 512L << 20;

    /// <summary>Looks at the free space.</summary>
    public static Finding Run()
    {
        var folder = Path.GetTempPath();
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB free in {folder}");
        return free >= Needed
            ? new("temporary folder", FindingState.Ok, detail)
            : new("temporary folder", FindingState.Missing, detail, "a video's frames take up to 0.5 GiB on the way: free some space, or set TMPDIR to a folder that has it");
    }
}
