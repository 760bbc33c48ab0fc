using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Stages;

/// <summary>What exceptions mean to an orchestration: which are worth another attempt.</summary>
internal static class StageFailures
{
    public static ActivityFailedException From(Exception exception, string stage) => exception switch
    {
        ActivityFailedException failed => failed,
        ArtifactStoreException store => Failed(FailureCodes.StoreUnavailable, store.Message, store.Retryable, exception),
        ArtifactNotFoundException => Failed(FailureCodes.MissingInput, exception.Message, false, exception),
        OutOfMemoryException => Failed(FailureCodes.OutOfMemory, $"Stage {stage} ran out of memory.", true, exception),
        _ => Failed(FailureCodes.InternalError, $"Stage {stage} failed: {exception.GetType().Name}: {exception.Message}", true, exception),
    };

    private static ActivityFailedException Failed(string code, string message, bool retryable, Exception exception) => new(new ActivityFailure(code, message, retryable), exception);
}
