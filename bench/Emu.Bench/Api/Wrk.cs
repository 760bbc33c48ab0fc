using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Emu.Bench.Api;

/// <summary>Runs <c>wrk</c>, a load generator in C, and reads its report.</summary>
internal static partial class Wrk
{
    /// <summary>How to get it.</summary>
    public const string Installation = "wrk is not installed. Debian and Ubuntu: apt-get install wrk; macOS: brew install wrk.";

    /// <summary>Whether it is installed.</summary>
    public static async Task<bool> IsInstalledAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("wrk", "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await process.WaitForExitAsync(cancellationToken);
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Sends requests that a Lua script makes.</summary>
    /// <param name="url">The server.</param>
    /// <param name="script">The script's file.</param>
    /// <param name="connections">Connections at once.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<WrkReport> RunAsync(string url, string script, int connections, int seconds, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "--threads", "1", "--connections", Number(connections), "--duration", $"{Number(seconds)}s", "--timeout", "10s", "--latency", "--script", script, url })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var report = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return Read(report);
    }

    private static WrkReport Read(string report)
    {
        var failed = Failures().Matches(report).Sum(match => match.Groups.Values.Skip(1).Where(group => group.Success).Sum(group => int.Parse(group.Value, CultureInfo.InvariantCulture)));
        return new WrkReport(
            double.Parse(Rate().Match(report).Groups[1].Value, CultureInfo.InvariantCulture),
            Milliseconds(Median().Match(report)),
            Milliseconds(Slowest().Match(report)),
            failed);
    }

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Median();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Slowest();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)|Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Failures();
}
