namespace Emu.Pipeline.Orchestration;

/// <summary>An activity or a child orchestration failed. Activities throw it to say how; orchestrations catch it.</summary>
public sealed class ActivityFailedException : Exception
{
    /// <summary>Creates the exception for a failure.</summary>
    public ActivityFailedException(ActivityFailure failure, Exception? innerException = null)
        : base(failure.Message, innerException) => Failure = failure;

    /// <summary>The failure as data.</summary>
    public ActivityFailure Failure { get; }
}
