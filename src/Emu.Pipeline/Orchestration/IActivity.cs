using System.Text.Json;

namespace Emu.Pipeline.Orchestration;

/// <summary>A unit of work outside replay: it may do anything, may run more than once, and answers with text.</summary>
public interface IActivity
{
    /// <summary>The name orchestrations call it by.</summary>
    string Name { get; }

    /// <summary>Does the work.</summary>
    /// <exception cref="ActivityFailedException">The failure to hand to the orchestration; any other exception counts as retryable <c>internal_error</c>.</exception>
    Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken);
}
