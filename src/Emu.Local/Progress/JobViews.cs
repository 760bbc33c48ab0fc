using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Emu.Local.Progress;

/// <summary>Shows a person how far a job is. Everything goes to stderr: stdout belongs to the result.</summary>
public interface IJobView
{
    /// <summary>Runs the work while showing what it reports.</summary>
    Task<TResult> RunAsync<TResult>(Func<Task<TResult>> work);

    /// <summary>A stage has done some of its units (steps or frames). Safe to call from any thread.</summary>
    /// <param name="stage">The stage's name: keyframe, animate, interpolate, upsample, encode.</param>
    /// <param name="done">Units done, up to <paramref name="total"/>.</param>
    /// <param name="total">Units in all, at least 1.</param>
    void Report(string stage, int done, int total);

    /// <summary>Something the user should know that stops nothing.</summary>
    void Warn(string message);
}

/// <summary>Chooses how to show a job.</summary>
public static class JobViews
{
    /// <summary>Bars if the writer is a terminal's stderr that can show them, plain lines otherwise.</summary>
    public static IJobView For(TextWriter errors)
    {
        if (errors != Console.Error || Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
        {
            return new PlainJobView(errors, TimeProvider.System);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) });
        return new TerminalJobView(console);
    }
}

/// <summary>Plain lines, for logs and pipes: one when a stage ends, and one every two seconds while it goes on.</summary>
public sealed class PlainJobView(TextWriter output, TimeProvider time) : IJobView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private string? _stage;
    private long _stageBegan = time.GetTimestamp();
    private long _lastLine = time.GetTimestamp();

    /// <inheritdoc/>
    public Task<TResult> RunAsync<TResult>(Func<Task<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _stageBegan = time.GetTimestamp();
        return work();
    }

    /// <inheritdoc/>
    public void Report(string stage, int done, int total)
    {
        lock (_lock)
        {
            if (_stage != stage)
            {
                _stage = stage;
                _stageBegan = time.GetTimestamp();
                _lastLine = _stageBegan;
            }

            var elapsed = time.GetElapsedTime(_stageBegan);
            if (done >= total)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} {done}/{total}"));
            }
            else if (time.GetElapsedTime(_lastLine) >= Interval)
            {
                _lastLine = time.GetTimestamp();
                var left = done > 0 ? string.Create(CultureInfo.InvariantCulture, $", {elapsed.TotalSeconds / done * (total - done):0} s left") : string.Empty;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage} {done}/{total}{left}"));
            }
        }
    }

    /// <inheritdoc/>
    public void Warn(string message)
    {
        lock (_lock)
        {
            output.WriteLine($"warning: {message}");
        }
    }
}

/// <summary>A bar a stage on a terminal: its name, step i of n, and the time left.</summary>
public sealed class TerminalJobView(IAnsiConsole console) : IJobView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProgressTask> _bars = [];
    private ProgressContext? _context;

    /// <inheritdoc/>
    public Task<TResult> RunAsync<TResult>(Func<Task<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return console.Progress()
            .AutoRefresh(true)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new StepColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                lock (_lock)
                {
                    _context = context;
                }

                return await work();
            });
    }

    /// <inheritdoc/>
    public void Report(string stage, int done, int total)
    {
        lock (_lock)
        {
            if (_context is null)
            {
                return;
            }

            if (!_bars.TryGetValue(stage, out var bar))
            {
                bar = _context.AddTask(Markup.Escape(stage), autoStart: true, maxValue: total);
                _bars.Add(stage, bar);
            }

            bar.MaxValue = total;
            bar.Value = Math.Max(bar.Value, done);
        }
    }

    /// <inheritdoc/>
    public void Warn(string message)
    {
        lock (_lock)
        {
            console.MarkupLineInterpolated($"[yellow]warning:[/] {message}");
        }
    }
}

/// <summary>Shows <c>12/25</c>.</summary>
public sealed class StepColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:0}/{task.MaxValue:0}")).RightJustified();
    }
}
