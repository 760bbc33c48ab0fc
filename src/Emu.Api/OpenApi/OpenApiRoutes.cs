using System.Collections.Concurrent;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Api.OpenApi;

/// <summary>Serves the description of the whole table.</summary>
public sealed class OpenApiRoutes : IRouteGroup
{
    private readonly ConcurrentDictionary<string, byte[]> _written = new(StringComparer.Ordinal);

    /// <summary>Where the description is.</summary>
    public const string Path = "/openapi/v1.json";

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("openapi", "GET", Path, DescribeAsync, new("Description", "This description", new ApiAnswer(200, "An OpenAPI 3.1 document.", null, "application/json"))) { Access = ApiAccess.Anonymous },
    ];

    private Task<IResult> DescribeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var server = $"{context.Request.Scheme}://{context.Request.Host}";
        if (!_written.TryGetValue(server, out var document))
        {
            var table = context.RequestServices.GetRequiredService<RouteTable>();
            document = System.Text.Encoding.UTF8.GetBytes(OpenApiDocument.Create(table.Routes, server).ToJsonString(ApiJson.Options));

            // The Host header is the client's: keep a few, not as many as somebody can invent.
            if (_written.Count < 16)
            {
                _written.TryAdd(server, document);
            }
        }

        return Task.FromResult(Results.Bytes(document, "application/json; charset=utf-8"));
    }
}
