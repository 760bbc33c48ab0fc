using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Emu.Conformance.Azurite;

/// <summary>A real Azurite on ports of its own, started by the tests; tests that need it are skipped where it is not installed.</summary>
public sealed partial class AzuriteServer : IAsyncLifetime
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private Process? _process;
    private Task _drained = Task.CompletedTask;
    private string? _reason;
    private string _connection = "";

    /// <summary>Its connection string; skips the test if it is not running.</summary>
    public string Connection
    {
        get
        {
            Assert.SkipWhen(_reason is not null, _reason ?? "");
            return _connection;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var modules = Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");
        var script = Path.Combine(modules, "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            _reason = $"Azurite is not installed in '{modules}': npm install azurite.";
            return;
        }

        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { script, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry" })
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _reason = "Azurite needs Node.js, which is not installed.";
            return;
        }

        await ReadAddressesAsync(_process);
    }

    /// <summary>Ends the server, as a lost connection.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        await _drained;
        _process?.Dispose();
    }

    private async Task ReadAddressesAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var endpoints = new Dictionary<string, string>(StringComparer.Ordinal);
        while (endpoints.Count < Services.Length && await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                endpoints[match.Groups[1].Value] = match.Groups[2].Value;
            }
        }

        if (endpoints.Count < Services.Length)
        {
            throw new InvalidOperationException($"Azurite ended without listening: {await process.StandardError.ReadToEndAsync(timeout.Token)}");
        }

        _connection = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};"
            + string.Concat(Services.Select(service => $"{service}Endpoint={endpoints[service]}/devstoreaccount1;"));

        // Its later output is read, for a full pipe would block it.
        _drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
    }

    [GeneratedRegex(@"Azurite (\w+) service is successfully listening at (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
