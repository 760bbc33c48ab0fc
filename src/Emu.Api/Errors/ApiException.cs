using Emu.Pipeline.Edits;
using Emu.Pipeline.Formats;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Errors;

/// <summary>A request that cannot be fulfilled; becomes an error response in OpenAI's shape.</summary>
/// <param name="statusCode">The HTTP status.</param>
/// <param name="code">A stable code in snake_case.</param>
/// <param name="message">What was wrong and what is accepted.</param>
/// <param name="param">The field that was wrong, if one was.</param>
/// <param name="innerException">What caused it, for the log.</param>
public sealed class ApiException(int statusCode, string code, string message, string? param = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>The field that was wrong, if one was.</summary>
    public string? Param { get; } = param;

    /// <summary>When to come back, sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The methods that the path accepts, sent as <c>Allow</c>.</summary>
    public string? Allow { get; init; }

    /// <summary>The path of the route where the work that was begun can be followed, sent as <c>Location</c>.</summary>
    public string? Location { get; init; }

    /// <summary>Whether OpenAI's clients should retry the request by themselves; null leaves it to the status.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>A field's value is not acceptable: 400.</summary>
    public static ApiException InvalidValue(string param, string message, string code = "invalid_value") =>
        new(StatusCodes.Status400BadRequest, code, message, param);

    /// <summary>A field has the wrong type: 400.</summary>
    /// <param name="param">The field.</param>
    /// <param name="expected">What is expected, with its article: <c>a string</c>.</param>
    public static ApiException InvalidType(string param, string expected) =>
        new(StatusCodes.Status400BadRequest, "invalid_type", $"Invalid type for '{param}': expected {expected}.", param);

    /// <summary>A required field is missing: 400.</summary>
    public static ApiException Missing(string param) =>
        new(StatusCodes.Status400BadRequest, "missing_required_parameter", $"Missing required parameter: '{param}'.", param);

    /// <summary>The body cannot be read: 400.</summary>
    public static ApiException InvalidBody(string message, Exception? innerException = null) =>
        new(StatusCodes.Status400BadRequest, "invalid_body", message, null, innerException);

    /// <summary>The body is of a kind that the route does not read: 415.</summary>
    public static ApiException UnsupportedMediaType(string message) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", message);

    /// <summary>There is nothing of that id that the caller may see: 404.</summary>
    public static ApiException NotFound(string message, string? param = null, string code = "not_found") =>
        new(StatusCodes.Status404NotFound, code, message, param);
}

/// <summary>The HTTP errors of the pipeline's exceptions.</summary>
internal static class PipelineErrors
{
    private static readonly TimeSpan WhileJobsEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WhileSpaceIsFreed = TimeSpan.FromMinutes(1);

    /// <summary>The error response for a refusal; null for anything else.</summary>
    public static ApiException? Explain(Exception exception) => exception switch
    {
        InvalidJobException invalid => new(StatusCodes.Status400BadRequest, invalid.Code, invalid.Message, invalid.Parameter, invalid),
        EditSessionNotFoundException missing => new(StatusCodes.Status404NotFound, "not_found", missing.Message, "id", missing),
        JobNotFoundException missing => new(StatusCodes.Status404NotFound, "not_found", missing.Message, "id", missing),
        JobConflictException { Code: "idempotency_in_flight" } flying => new(StatusCodes.Status409Conflict, flying.Code, flying.Message, null, flying) { RetryAfter = TimeSpan.FromSeconds(1) },
        JobConflictException conflict => new(StatusCodes.Status409Conflict, conflict.Code, conflict.Message, null, conflict) { ShouldRetry = false },
        IdempotencyMismatchException mismatch => new(StatusCodes.Status422UnprocessableEntity, "idempotency_mismatch", mismatch.Message, "Idempotency-Key", mismatch),
        TooManyJobsException many => new(StatusCodes.Status429TooManyRequests, "too_many_jobs", many.Message, null, many) { RetryAfter = WhileJobsEnd },
        StorageReserveException full => new(StatusCodes.Status503ServiceUnavailable, "insufficient_storage", full.Message, null, full) { RetryAfter = WhileSpaceIsFreed },
        FormatFailedException failed => new(StatusCodes.Status500InternalServerError, failed.Code, failed.Message, "format", failed) { ShouldRetry = false },
        _ => null,
    };
}
