namespace Emu.Pipeline.Jobs;

/// <summary>A request for a job is invalid. Nothing was stored.</summary>
public sealed class InvalidJobException(string? parameter, string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The field at fault, in snake_case as clients write it; null if it is none in particular.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>A stable code in snake_case: <c>invalid_value</c>, <c>missing_required_parameter</c>, <c>string_above_max_length</c>, <c>model_not_found</c> …</summary>
    public string Code { get; } = code;
}

/// <summary>The owner has no job of that id: it never existed, belongs to another owner, has expired, or was deleted.</summary>
public sealed class JobNotFoundException(string id) : Exception($"There is no job '{id}'.")
{
    /// <summary>The requested id.</summary>
    public string Id { get; } = id;
}

/// <summary>The job's state does not allow the operation.</summary>
public sealed class JobConflictException(string code, string message) : Exception(message)
{
    /// <summary>A stable code: <c>job_not_completed</c>, <c>job_already_ended</c>, <c>idempotency_in_flight</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>The owner has as many jobs in flight as allowed.</summary>
public sealed class TooManyJobsException(int limit) : Exception($"There are {limit} jobs in flight already, which is the limit. Wait until one has ended.")
{
    /// <summary>How many may be in flight.</summary>
    public int Limit { get; } = limit;
}

/// <summary>The disk has less free than is kept in reserve: jobs at work may end, new ones are refused.</summary>
public sealed class StorageReserveException(long available, long reserve)
    : Exception($"The disk has {available / (1024 * 1024)} MB free, and {reserve / (1024 * 1024)} MB are kept in reserve: no new job is taken. Free some space.")
{
    /// <summary>Bytes free.</summary>
    public long Available { get; } = available;

    /// <summary>Bytes kept in reserve.</summary>
    public long Reserve { get; } = reserve;
}

/// <summary>An idempotency key was used before, for another request.</summary>
public sealed class IdempotencyMismatchException() : Exception("This idempotency key was used before with another request. Use a new key, or send the first request again.");
