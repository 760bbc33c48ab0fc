using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Emu.Api.Studio;

/// <summary>
/// Serves Studio, the web page at <c>/</c>, from files embedded in this assembly. The page is public, as it holds no data: what it
/// shows, it gets from the API like any other client.
/// </summary>
public static class StudioPage
{
    /// <summary>Where the page's scripts, styles and pictures are.</summary>
    public const string FilesPath = "/studio/";

    /// <summary>
    /// What the page may do: run its own scripts and styles, talk to its own server, and show files that it fetched with a key
    /// (<c>blob:</c>). Text can never become markup or script.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string Index = "index.html";
    private const string ResourcePrefix = "studio/";

    private static readonly FrozenDictionary<string, PageFile> Files = Load();

    /// <summary>Maps the page and its files.</summary>
    public static void MapStudio(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", ["GET", "HEAD"], WriteIndexAsync);
        routes.MapMethods(FilesPath + "{file}", ["GET", "HEAD"], context => WriteAsync(context, context.Request.RouteValues["file"] as string ?? ""));
    }

    private static Task WriteIndexAsync(HttpContext context)
    {
        if (context.Request.Path.HasValue)
        {
            return WriteAsync(context, Index);
        }

        // Published under a path, asked for without the slash at its end: the page's files are beside it.
        context.Response.Redirect($"{context.Request.PathBase}/");
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, string name)
    {
        if (!Files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.Vary = HeaderNames.AcceptEncoding;
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var compressed = file.Compressed.FirstOrDefault(one => accepted.Contains(one.Encoding, StringComparison.OrdinalIgnoreCase));
        if (compressed is not null)
        {
            headers.ContentEncoding = compressed.Encoding;
        }

        return Results.Bytes(compressed?.Content ?? file.Content, file.ContentType, entityTag: file.Tag).ExecuteAsync(context);
    }

    private static FrozenDictionary<string, PageFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[ResourcePrefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static PageFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            var other => throw new InvalidOperationException($"'{name}' has the extension '{other}', which has no content type here."),
        };

        // Weak: one tag stands for the file as it is and compressed.
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"", isWeak: true);
        // Browsers accept Brotli over https and from localhost only.
        CompressedFile[] compressed = type == "image/webp" ? [] :
        [
            new("br", Compress(content, static stream => new BrotliStream(stream, CompressionLevel.SmallestSize))),
            new("gzip", Compress(content, static stream => new GZipStream(stream, CompressionLevel.SmallestSize))),
        ];
        return new PageFile(content, compressed, type, tag);
    }

    private static byte[] Compress(byte[] content, Func<Stream, Stream> open)
    {
        using var compressed = new MemoryStream();
        using (var stream = open(compressed))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    private sealed record PageFile(byte[] Content, CompressedFile[] Compressed, string ContentType, EntityTagHeaderValue Tag);

    /// <summary>A file as it is sent with a content encoding.</summary>
    private sealed record CompressedFile(string Encoding, byte[] Content);
}
