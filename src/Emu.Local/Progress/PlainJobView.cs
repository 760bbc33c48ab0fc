using System.Globalization;

namespace Emu.Local.Progress;

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
