using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Emu.Bench.Azurite;

/// <summary>A real Azurite on free ports, in memory; as <c>./emu test</c> installs it.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private readonly Process _process;
    private readonly Task _drained;

    private AzuriteProcess(Process process, string connection)
    {
        _process = process;
        Connection = connection;

        // Its later output is read, for a full pipe would block it.
        _drained = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Its connection string.</summary>
    public string Connection { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or ended at once.</exception>
    public static async Task<AzuriteProcess> StartAsync(CancellationToken cancellationToken)
    {
        var modules = Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");
        var script = Path.Combine(modules, "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            throw new InvalidOperationException($"Azurite is not installed in '{modules}': run ./emu test once, or npm install azurite there.");
        }

        string[] arguments = [script, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry"];
        var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        var endpoints = new Dictionary<string, string>(StringComparer.Ordinal);
        while (endpoints.Count < Services.Length && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                endpoints[match.Groups[1].Value] = match.Groups[2].Value;
            }
        }

        if (endpoints.Count < Services.Length)
        {
            process.Dispose();
            throw new InvalidOperationException("Azurite ended without listening.");
        }

        var addresses = string.Concat(Services.Select(service => $"{service}Endpoint={endpoints[service]}/devstoreaccount1;"));
        return new AzuriteProcess(process, $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};{addresses}");
    }

    /// <summary>Stops it for a while, as a storage that does not answer, and lets it go on. On Unix only.</summary>
    public async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await SignalAsync("STOP");
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            await SignalAsync("CONT");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    [GeneratedRegex(@"Azurite (\w+) service is successfully listening at (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
