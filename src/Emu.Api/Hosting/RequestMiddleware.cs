using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Emu.Api.Hosting;

/// <summary>What happens to every request before it is routed.</summary>
internal static class RequestMiddleware
{
    /// <summary>
    /// Drops a <c>Range</c> that is to be ignored (RFC 9110, 14.2): with another method than GET, or in another unit than bytes.
    /// The framework's file results would answer both with a part.
    /// </summary>
    public static Task IgnoreOtherRanges(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.Range is { Count: > 0 } range && (!HttpMethods.IsGet(context.Request.Method) || !IsInBytes(range)))
        {
            headers.Range = StringValues.Empty;
        }

        return next(context);
    }

    /// <summary>Takes the path under which the server is published out of a request's path, whether the proxy has removed it or not.</summary>
    public static Func<HttpContext, RequestDelegate, Task> MoveToPathBase(PathString published) => async (context, next) =>
    {
        var request = context.Request;
        var (pathBase, path) = (request.PathBase, request.Path);
        request.Path = path.StartsWithSegments(published, out var rest) ? rest : path;
        request.PathBase = published;
        try
        {
            await next(context);
        }
        finally
        {
            (request.PathBase, request.Path) = (pathBase, path);
        }
    };

    private static bool IsInBytes(StringValues range) => range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);
}
