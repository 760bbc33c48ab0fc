using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Durable.Abstractions;

/// <summary>A unit of work that an orchestration calls. It may do anything, may run more than once, and returns JSON.</summary>
public interface IActivity
{
    /// <summary>The name orchestrations call it by.</summary>
    string Name { get; }

    /// <summary>Does the work.</summary>
    /// <exception cref="ActivityFailedException">The failure that the orchestration gets; any other exception becomes a retryable <c>internal_error</c>.</exception>
    Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken);
}

/// <summary>One call of an activity.</summary>
/// <param name="InstanceId">The calling instance.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Attempt">The attempt under the retry policy, from 1. Another delivery of the same call is the same attempt.</param>
/// <param name="Input">The input, as JSON.</param>
public sealed record ActivityInvocation(string InstanceId, string Name, int Attempt, JsonElement Input);

/// <summary>A failure as data, since exceptions cannot cross processes.</summary>
/// <param name="Code">A stable code in snake_case, for example <c>invalid_input</c>, <c>device_lost</c>, <c>cancelled</c>.</param>
/// <param name="Message">What went wrong, for a person; at most <see cref="MaximumMessageLength"/> characters.</param>
/// <param name="Retryable">Whether the same call may succeed later.</param>
public sealed record ActivityFailure(string Code, string Message, bool Retryable)
{
    /// <summary>The maximum length of a message, in characters. Longer ones are cut: a message over 64 KB can hang an instance on Durable Task.</summary>
    public const int MaximumMessageLength = 4096;

    /// <summary>The code of work that was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The code of input that is invalid.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>The code of a result that cannot be made as small as the caller wants it.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Whether the caller brought it about: nothing that the operator of a service has to act on.</summary>
    [JsonIgnore]
    public bool IsOfCaller => Code is Cancelled or InvalidInput or TooLarge;

    /// <summary>What went wrong, for a person.</summary>
    public string Message { get; } = Message.Length <= MaximumMessageLength ? Message : string.Concat(Message.AsSpan(0, MaximumMessageLength - 1), "…");
}

/// <summary>An activity or a child orchestration failed. Activities throw it, orchestrations catch it.</summary>
public sealed class ActivityFailedException : Exception
{
    /// <summary>Creates the exception for a failure.</summary>
    public ActivityFailedException(ActivityFailure failure, Exception? innerException = null)
        : base(failure.Message, innerException) => Failure = failure;

    /// <summary>The failure as data.</summary>
    public ActivityFailure Failure { get; }
}
