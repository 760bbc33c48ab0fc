using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Emu.Bench.Api;

/// <summary>The measurements: wrk's figures, and what a request costs the server in processor time, which other programs on the machine do not change.</summary>
internal sealed class Load(Table table, Process server, string url, int seconds)
{
    private const int Connections = 32;

    /// <summary>Measures everything.</summary>
    public async Task RunAsync(Scripts scripts, CancellationToken cancellationToken)
    {
        await Wrk.RunAsync(url, scripts.Retrieve, Connections, Math.Min(seconds, 5), cancellationToken);
        await CrowdAsync("retrieve", scripts.Retrieve, "≥ 5,000/s", cancellationToken);
        await ListAsync("list 20, newest first", scripts.ListNewest, "≤ 20 ms", cancellationToken);
        await ListAsync("list 20, anywhere, both orders", scripts.ListAnywhere, "≤ 20 ms", cancellationToken);
        await ListAsync("list 100, anywhere", scripts.ListHundred, "", cancellationToken);
        await CrowdAsync("create", scripts.Create, "≥ 300/s", cancellationToken);
        await CrowdAsync("retrieve, with those jobs in flight", scripts.Retrieve, "", cancellationToken);
    }

    private async Task ListAsync(string name, string script, string target, CancellationToken cancellationToken)
    {
        await Wrk.RunAsync(url, script, 1, 2, cancellationToken);
        var (report, processor) = await MeasureAsync(script, 1, cancellationToken);
        ApiBenchmark.Add(table, name, Times(report, processor), target);
        await CrowdAsync(name, script, "", cancellationToken);
    }

    private async Task CrowdAsync(string name, string script, string target, CancellationToken cancellationToken)
    {
        var (report, processor) = await MeasureAsync(script, Connections, cancellationToken);
        ApiBenchmark.Add(table, $"{name}, {Connections} at once", string.Create(CultureInfo.InvariantCulture, $"{report.RequestsPerSecond:N0}/s; {Times(report, processor)}"), target);
    }

    private async Task<(WrkReport Report, double ProcessorMilliseconds)> MeasureAsync(string script, int connections, CancellationToken cancellationToken)
    {
        server.Refresh();
        var before = server.TotalProcessorTime;
        var report = await Wrk.RunAsync(url, script, connections, seconds, cancellationToken);
        server.Refresh();
        return (report, (server.TotalProcessorTime - before).TotalMilliseconds / (report.RequestsPerSecond * seconds));
    }

    private static string Times(WrkReport report, double processor)
    {
        var failures = report.Failed == 0 ? "" : $"; {report.Failed} FAILED";
        return string.Create(CultureInfo.InvariantCulture, $"median {report.MedianMilliseconds:F2} ms, 99 of 100 within {report.SlowestMilliseconds:F2} ms, {processor:F2} ms of processor time each{failures}");
    }
}
