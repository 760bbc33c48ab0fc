using System.Globalization;
using Emu.Api.Hosting;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Emu.Api.Errors;

/// <summary>What went wrong, in OpenAI's shape.</summary>
/// <param name="Message">What was wrong and what is accepted, for a person.</param>
/// <param name="Type">The kind of error: <c>invalid_request_error</c>, <c>requests</c> (too many of them) or <c>server_error</c>.</param>
/// <param name="Param">The field that was wrong, if one was.</param>
/// <param name="Code">A stable code in snake_case.</param>
public sealed record ApiError(string Message, string Type, string? Param, string? Code);

/// <summary>The body of every error response.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record ApiErrorBody(ApiError Error);

/// <summary>Responds with an error in OpenAI's shape.</summary>
public sealed class ApiErrorResult(ApiException exception) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc/>
    public int? StatusCode => exception.StatusCode;

    /// <summary>The error that is sent.</summary>
    public ApiError Error { get; } = new(exception.Message, TypeOf(exception.StatusCode), exception.Param, exception.Code);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = exception.StatusCode;
        response.Headers.CacheControl = "no-store";
        if (exception.RetryAfter is { } retryAfter)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (exception.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        if (exception.Location is { } location)
        {
            response.Headers.Location = httpContext.RequestServices.GetRequiredService<ServerAddress>().PathOf(httpContext.Request, location);
        }

        if (exception.ShouldRetry is { } shouldRetry)
        {
            response.Headers[ApiHeaders.ShouldRetry] = shouldRetry ? "true" : "false";
        }

        if (exception.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        }

        return response.WriteAsJsonAsync(new ApiErrorBody(Error), ApiJson.Options, httpContext.RequestAborted);
    }

    private static string TypeOf(int statusCode) => statusCode switch
    {
        StatusCodes.Status429TooManyRequests => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
