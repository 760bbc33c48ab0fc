using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Emu.Api.Hosting;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Emu.Api.OpenApi;

/// <summary>Serves the OpenAPI document of the whole route table.</summary>
/// <param name="address">The server's address as clients see it.</param>
public sealed class OpenApiRoutes(ServerAddress address) : IRouteGroup
{
    /// <summary>The document's path.</summary>
    public const string Path = "/openapi/v1.json";

    private const int MaximumCached = 16;
    private readonly ConcurrentDictionary<string, byte[]> _cached = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("openapi", "GET", Path, DescribeAsync, new("Description", "This description", new ApiResponse(200, "An OpenAPI 3.1 document.", null, "application/json"))) { Access = ApiAccess.Anonymous },
    ];

    private Task<IResult> DescribeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var server = address.RootOf(context.Request);
        if (!_cached.TryGetValue(server, out var document))
        {
            document = Serialize(ApiDocument.Create(context.RequestServices.GetRequiredService<RouteTable>().Routes, server));

            // The Host header is the client's: keep a few documents, not one for every name that a client can invent.
            if (_cached.Count < MaximumCached)
            {
                _cached.TryAdd(server, document);
            }
        }

        return Task.FromResult(Results.Bytes(document, "application/json; charset=utf-8"));
    }

    private static byte[] Serialize(OpenApiDocument document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
