using Emu.Api.Authentication;
using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Routing;

/// <summary>Runs a route's handler with authentication, rate limits and errors in OpenAI's shape.</summary>
/// <param name="authenticator">Finds the caller.</param>
/// <param name="rate">Counts requests.</param>
/// <param name="logger">Gets failures in full; responses never hold a stack trace.</param>
public sealed class ApiDispatcher(Authenticator authenticator, RequestRateLimiter rate, ILogger<ApiDispatcher> logger)
{
    /// <summary>Handles one request.</summary>
    public async Task<IResult> DispatchAsync(ApiRoute route, HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(context);
        var requestId = Identify(context);
        try
        {
            var caller = await authenticator.AuthenticateAsync(context, route.Access, cancellationToken);
            if (caller is not null)
            {
                context.Features.Set(caller);
            }

            if (route.Access != ApiAccess.Anonymous)
            {
                rate.Count(context, caller?.Owner ?? $"link {context.Connection.RemoteIpAddress}");
            }

            return await route.Handler(context, cancellationToken);
        }
        catch (Exception exception) when (ClientLeft(exception, context))
        {
            logger.LogInformation("{Route} {RequestId}: the client left before the response", route.Name, requestId);
            throw;
        }
        catch (Exception exception)
        {
            return new ApiErrorResult(Explain(exception, route, requestId));
        }
    }

    /// <summary>Whether an exception says no more than that the client has closed its connection.</summary>
    internal static bool ClientLeft(Exception exception, HttpContext context) =>
        exception is ConnectionResetException or ConnectionAbortedException || (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    /// <summary>Gives a request an id, which its response carries.</summary>
    internal static string Identify(HttpContext context)
    {
        var requestId = "req_" + Guid.CreateVersion7().ToString("n");
        context.Response.Headers[ApiHeaders.RequestId] = requestId;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return requestId;
    }

    private ApiException Explain(Exception exception, ApiRoute route, string requestId)
    {
        switch (PipelineErrors.Explain(exception) ?? exception)
        {
            case ApiException { StatusCode: < 500 } expected:
                return expected;
            case ApiException failure:
                // A full disk is the operator's; what else cannot be answered yet (a slow or failed job, a server that stops) is not.
                var level = failure.InnerException is StorageReserveException ? LogLevel.Warning : LogLevel.Information;
                logger.Log(level, "{Route} {RequestId}: {Code}: {Message}", route.Name, requestId, failure.Code, failure.Message);
                return failure;
            case ArtifactStoreException { Retryable: true } store:
                logger.LogError(store, "{Route} {RequestId}: the artifact store failed", route.Name, requestId);
                return new ApiException(StatusCodes.Status503ServiceUnavailable, "store_unavailable", $"The server cannot reach its storage. Request {requestId}.") { RetryAfter = TimeSpan.FromSeconds(5) };
            default:
                logger.LogError(exception, "{Route} {RequestId} failed", route.Name, requestId);
                return new ApiException(StatusCodes.Status500InternalServerError, "internal_error", $"The server had an error while processing the request. Request {requestId}.");
        }
    }
}
