using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Errors;

/// <summary>What the pipeline's refusals are in HTTP.</summary>
internal static class PipelineErrors
{
    private static readonly TimeSpan WhileJobsEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WhileSpaceIsFreed = TimeSpan.FromMinutes(1);

    /// <summary>The error answer for a refusal; null for anything else.</summary>
    public static ApiException? Explain(Exception exception) => exception switch
    {
        InvalidJobException invalid => new(StatusCodes.Status400BadRequest, invalid.Code, invalid.Message, invalid.Parameter, invalid),
        JobNotFoundException missing => new(StatusCodes.Status404NotFound, "not_found", missing.Message, "id", missing),
        JobConflictException { Code: "idempotency_in_flight" } flying => new(StatusCodes.Status409Conflict, flying.Code, flying.Message, null, flying) { RetryAfter = TimeSpan.FromSeconds(1) },
        JobConflictException conflict => new(StatusCodes.Status409Conflict, conflict.Code, conflict.Message, null, conflict) { ShouldRetry = false },
        IdempotencyMismatchException mismatch => new(StatusCodes.Status422UnprocessableEntity, "idempotency_mismatch", mismatch.Message, "Idempotency-Key", mismatch),
        TooManyJobsException many => new(StatusCodes.Status429TooManyRequests, "too_many_jobs", many.Message, null, many) { RetryAfter = WhileJobsEnd },
        StorageReserveException full => new(StatusCodes.Status503ServiceUnavailable, "insufficient_storage", full.Message, null, full) { RetryAfter = WhileSpaceIsFreed },
        _ => null,
    };
}
