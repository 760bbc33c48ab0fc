using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Local.CommandLine;
using Emu.Local.Models;

namespace Emu.Local.Doctor;

/// <summary>What <c>emu doctor</c> found out about one part of the installation.</summary>
/// <param name="Name">The part: ffmpeg, device, model.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What is there, or what is wrong.</param>
/// <param name="Mend">The command to type, or what to do, if something is wrong.</param>
internal sealed record Finding(string Name, FindingState State, string Detail, string? Mend = null);

/// <summary>How a part of the installation is.</summary>
internal enum FindingState
{
    /// <summary>Present and usable.</summary>
    Ok,

    /// <summary>Absent, but only something optional needs it.</summary>
    Optional,

    /// <summary>Absent or broken, and needed.</summary>
    Missing,
}

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

/// <summary>Which device <c>--device auto</c> becomes here, and why.</summary>
internal static class DeviceCheck
{
    /// <summary>Asks the ONNX Runtime.</summary>
    public static Finding Run()
    {
        using var sessions = new SessionCache(new SessionCacheOptions { Device = DeviceChoice.Auto });
        var reason = sessions.DeviceReason is { } text ? $" ({text})" : string.Empty;
        var int8 = sessions.PrefersInt8 ? ", int8 where a model has it" : string.Empty;
        return new("device", FindingState.Ok, $"{sessions.Device}{int8}{reason}");
    }
}

/// <summary>Whether the default model package is there and whole.</summary>
internal static class ModelCheck
{
    private const string Mend = "get the folder models/ again: git checkout -- models";

    /// <summary>Loads and verifies it.</summary>
    public static Finding Run(CancellationToken cancellationToken)
    {
        try
        {
            var package = ModelPackage.Load(ModelLocator.Find(null), verify: true, cancellationToken);
            return new("model", FindingState.Ok, $"{package.Description.Name} {package.Description.Version}, all files as listed ({package.Directory})");
        }
        catch (Exception exception) when (exception is ModelPackageException or UsageException)
        {
            return new("model", FindingState.Missing, exception.Message, Mend);
        }
    }
}

/// <summary>Looks for node, which only the tests need (the storage emulator, and clients of the API).</summary>
internal static class NodeCheck
{
    /// <summary>Runs <c>node --version</c>.</summary>
    public static async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        var version = (await ProgramOutput.ReadAsync("node", ["--version"], cancellationToken)).Trim();
        return version.Length > 0
            ? new("node", FindingState.Ok, $"{version} (only the tests need it)")
            : new("node", FindingState.Optional, "not found; without it some tests are skipped");
    }
}

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

/// <summary>Runs another program for what it prints.</summary>
internal static class ProgramOutput
{
    /// <summary>What the program printed on stdout, or an empty string if it could not be run.</summary>
    public static async Task<string> ReadAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return string.Empty;
        }

        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        return output;
    }
}
