using Spectre.Console;

namespace Emu.Local.Progress;

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
