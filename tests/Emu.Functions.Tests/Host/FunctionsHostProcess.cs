using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Emu.Conformance.Azurite;
using Emu.Functions.Tests.Metadata;

namespace Emu.Functions.Tests.Host;

/// <summary>
/// A real Functions host with the app's build, as a process over an Azurite of its own; <c>EMU_FUNCTIONS_HOST</c> names the host's
/// program or its .dll. The tests of a class share one: the first that asks for it starts it.
/// </summary>
public sealed class FunctionsHostProcess : IAsyncDisposable
{
    private const string Variable = "EMU_FUNCTIONS_HOST";

    private readonly AzuriteServer _azurite = new();
    private readonly List<string> _lines = [];
    private Process? _process;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The storage's connection string.</summary>
    public string Storage => _azurite.Connection;

    /// <summary>Starts storage and host if they do not run yet; skips the test where no host is named.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)), $"{Variable} names no Azure Functions host");
        if (_process is not null)
        {
            return;
        }

        await _azurite.InitializeAsync();
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = new Uri($"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}");
        probe.Stop();
        await StartAsync(cancellationToken);
    }

    /// <summary>Starts the process and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var program = Environment.GetEnvironmentVariable(Variable)!;
        var isLibrary = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (isLibrary)
        {
            start.ArgumentList.Add(program);
        }

        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = Address.OriginalString,
            ["AzureWebJobsScriptRoot"] = FunctionsMetadata.Folder,
            ["AzureWebJobsStorage"] = Storage,
            ["AzureWebJobs_uploads_blob_events_Disabled"] = "true",
            ["AzureWebJobs_edits_blob_events_Disabled"] = "true",
            ["AzureFunctionsJobHost__Logging__Console__IsEnabled"] = "true",
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["WEBSITE_HOSTNAME"] = Address.Authority,
            ["EMU_STORAGE"] = Storage,
            ["EMU_SECRETS_KEY"] = Convert.ToBase64String(new byte[32]),

            // With it the host takes itself for another plan's.
            ["CONTAINER_NAME"] = null,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitAsync(cancellationToken);
    }

    /// <summary>Ends the processes of the app, not the host: as if a worker were lost.</summary>
    /// <returns>How many there were.</returns>
    public static int KillWorkers()
    {
        var workers = Process.GetProcesses().Where(IsWorker).ToList();
        workers.ForEach(worker => worker.Kill());
        return workers.Count;
    }

    /// <summary>Ends the host and what it started, as a loss of power.</summary>
    public void Kill() => _process!.Kill(entireProcessTree: true);

    /// <summary>The last lines that it wrote.</summary>
    public string Log()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines.TakeLast(60));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        await _azurite.DisposeAsync();
    }

    private static bool IsWorker(Process process)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(Path.Combine(FunctionsMetadata.Folder, "emu-functions.dll"), StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return false;
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
        var deadline = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(2);
        while (true)
        {
            try
            {
                using var response = await client.GetAsync("/health/ready", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            Assert.True(DateTimeOffset.UtcNow < deadline && !_process!.HasExited, $"The Functions host did not become ready:\n{Log()}");
            await Task.Delay(500, cancellationToken);
        }
    }

    private void Add(string? line)
    {
        lock (_lines)
        {
            _lines.Add(line ?? "");
        }
    }
}
