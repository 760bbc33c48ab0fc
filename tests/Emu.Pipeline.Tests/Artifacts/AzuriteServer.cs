using System.Diagnostics;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace Emu.Pipeline.Tests.Artifacts;

/// <summary>A real Azurite, started by the tests; tests that need it are skipped where it is not installed.</summary>
public sealed partial class AzuriteServer : IAsyncLifetime
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

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

    /// <summary>Retries are short. (Azurite is started without its check of the service version, which is older than the client's.)</summary>
    public static BlobClientOptions Options => new()
    {
        Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(20), NetworkTimeout = TimeSpan.FromSeconds(10) },
    };

    public async ValueTask InitializeAsync()
    {
        var modules = Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");
        var script = Path.Combine(modules, "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(script))
        {
            _reason = $"Azurite is not installed in '{modules}': npm install azurite.";
            return;
        }

        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { script, "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry" })
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

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                _connection = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint={match.Value}/devstoreaccount1;";
                // Its later output is read, for a full pipe would block it.
                _drained = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(CancellationToken.None), _process.StandardError.ReadToEndAsync(CancellationToken.None));
                return;
            }
        }

        throw new InvalidOperationException($"Azurite ended without listening: {await _process.StandardError.ReadToEndAsync(timeout.Token)}");
    }

    /// <summary>Ends the server, as a lost connection.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

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

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
