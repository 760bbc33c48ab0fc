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
