using System.Globalization;
using System.Runtime.InteropServices;

namespace Emu.Local.Doctor;

/// <summary>What the machine is and has.</summary>
internal static class SystemCheck
{
    private const double Gibibyte = 1L << 30;
    private const double NeededGibibytes = 1.5;

    /// <summary>Operating system, .NET, processors, and memory.</summary>
    public static IEnumerable<Finding> Run()
    {
        yield return new("system", FindingState.Ok, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");
        yield return new(".NET", FindingState.Ok, RuntimeInformation.FrameworkDescription);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {memory:0.0} GiB of memory");
        yield return memory >= NeededGibibytes
            ? new("hardware", FindingState.Ok, detail)
            : new("hardware", FindingState.Missing, detail, string.Create(CultureInfo.InvariantCulture, $"a video takes up to {NeededGibibytes} GiB: give the machine or container more memory"));
    }
}
