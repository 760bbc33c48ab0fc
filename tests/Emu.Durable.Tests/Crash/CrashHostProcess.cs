using System.Diagnostics;
using System.Globalization;

namespace Emu.Durable.Tests.Crash;

/// <summary>A process that works on a folder, as long as it is left alone.</summary>
internal sealed class CrashHostProcess : IDisposable
{
    private readonly Process process;

    public CrashHostProcess(string folder, int jobs)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Emu.Durable.CrashHost.dll"), folder, jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
    }

    /// <summary>Waits for a line.</summary>
    public async Task ExpectAsync(string line)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } read)
        {
            if (read == line)
            {
                return;
            }
        }

        Assert.Fail($"The process ended before it said '{line}': {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Kills it (SIGKILL): it has no chance to do anything more.</summary>
    /// <returns>Whether it was still at work.</returns>
    public async Task<bool> KillAsync()
    {
        var atWork = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return atWork && !(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains("drained", StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
