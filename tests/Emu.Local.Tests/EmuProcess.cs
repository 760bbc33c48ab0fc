using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Emu.Local.Tests;

/// <summary>Runs the command line as its users do: a process of its own.</summary>
internal sealed class EmuProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _errors = new();

    private EmuProcess(string folder, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "emu-local.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => AddErrorLine(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The path of the program that runs .NET programs here.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>What was written to stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts a command in a folder.</summary>
    public static EmuProcess Start(string folder, params string[] arguments) => Start(folder, new Dictionary<string, string?>(), arguments);

    /// <summary>Starts a command in a folder, with changes to its environment.</summary>
    public static EmuProcess Start(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) => new(folder, environment, arguments);

    /// <summary>Runs a command to its end.</summary>
    public static Task<EmuResult> RunAsync(string folder, params string[] arguments) => RunAsync(folder, new Dictionary<string, string?>(), arguments);

    /// <summary>Runs a command to its end with changes to its environment.</summary>
    public static async Task<EmuResult> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = new EmuProcess(folder, environment, arguments);
        return await process.WaitAsync();
    }

    /// <summary>Waits until stderr holds a text.</summary>
    public async Task WaitForErrorsAsync(string text)
    {
        await WaitUntilAsync(() => Errors.Contains(text, StringComparison.Ordinal));
        Assert.True(Errors.Contains(text, StringComparison.Ordinal), $"'{text}' never came on stderr. There was:\n{Errors}");
    }

    /// <summary>Waits until a condition holds or the process has ended.</summary>
    public async Task WaitUntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && !_process.HasExited)
        {
            Assert.True(watch.Elapsed < Limit, $"The condition did not come true within {Limit}. On stderr was:\n{Errors}");
            await Task.Delay(10);
        }
    }

    /// <summary>Sends a signal: SIGINT (2) or SIGTERM (15).</summary>
    public void Signal(int number) => Assert.True(TrySignal(number), $"The process had ended already. On stderr was:\n{Errors}");

    /// <summary>Sends a signal, if the process has not ended.</summary>
    public bool TrySignal(int number) => kill(_process.Id, number) == 0;

    /// <summary>Waits for the end.</summary>
    public async Task<EmuResult> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return new(_process.ExitCode, await _output, Errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void AddErrorLine(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
