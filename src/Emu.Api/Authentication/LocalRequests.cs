using System.Net;
using Emu.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Authentication;

/// <summary>
/// Restricts a server without keys to its own machine: the connection comes from the machine itself, the Host header names the
/// machine itself (against DNS rebinding), and no page of another site sent the request.
/// </summary>
public static class LocalRequests
{
    /// <summary>Refuses a request from another machine or from another site's page.</summary>
    /// <exception cref="ApiException">401 or 403, saying why.</exception>
    public static void Check(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var remote = context.Connection.RemoteIpAddress;
        if (remote is not null && !IPAddress.IsLoopback(remote))
        {
            throw new ApiException(StatusCodes.Status401Unauthorized, "invalid_api_key", "This server has no API keys yet, so it accepts only requests from its own machine. Make one with: emu keys create");
        }

        if (!IsLoopbackName(context.Request.Host.Host))
        {
            throw Forbidden("invalid_host", $"The Host header '{Requests.RequestFields.Shorten(context.Request.Host.Value ?? string.Empty)}' does not name this machine: without API keys, use localhost or 127.0.0.1.");
        }

        CheckOrigin(context.Request);
    }

    /// <summary>Whether a host name can only mean the machine itself.</summary>
    public static bool IsLoopbackName(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    private static void CheckOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count > 0)
        {
            if (origin.Count == 1 && string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            throw Forbidden("cross_site_request", $"A page of '{Requests.RequestFields.Shorten(origin.ToString())}' sent this request: without API keys, only this server's own pages may.");
        }

        // A browser that sends no Origin (an image, a link) names the requesting site in Sec-Fetch-Site. Following a link here only reads.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var follows = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        if (site is "cross-site" or "same-site" && !follows)
        {
            throw Forbidden("cross_site_request", "A page of another site sent this request: without API keys, only this server's own pages may.");
        }
    }

    private static ApiException Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, code, message);
}
