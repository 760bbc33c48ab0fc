using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Emu.Worker.Tests.Hosting;

/// <summary>The worker as a container runs it: a process of its own, with settings in its environment.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "emu-worker.dll"));
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a worker and waits until it works.</summary>
    /// <returns>The worker, and the address of its health.</returns>
    public static async Task<(WorkerProcess Worker, Uri Health)> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var worker = new WorkerProcess(settings);
        try
        {
            return (worker, await worker._address.Task.WaitAsync(Limit));
        }
        catch (TimeoutException)
        {
            var output = worker.Output;
            worker.Dispose();
            throw new InvalidOperationException($"The worker did not start:\n{output}");
        }
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        const int Sigterm = 15;
        Assert.Equal(0, kill(_process.Id, Sigterm));
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [GeneratedRegex(@"health at http://[^:]*:(\d+)|health at http://\[::\]:(\d+)")]
    private static partial Regex Address();

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Address().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri($"http://localhost:{match.Groups[1].Value}{match.Groups[2].Value}"));
        }
    }
}
