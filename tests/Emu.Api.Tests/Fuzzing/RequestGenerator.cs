using System.Text;
using Emu.Api.Requests;
using Emu.Api.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace Emu.Api.Tests.Fuzzing;

/// <summary>Generates requests: every route, right and wrong methods, ids, queries, headers, and bodies from nearly right to noise.</summary>
public static class RequestGenerator
{
    private static readonly string[] Texts =
    [
        "", " ", "a red fox", "null", "0", "-1", "1e999", "NaN", "true", "512x512", "64x64", "0x0", "-1x5", "99999999999x1", "4", "mp4", "gif", "../../etc/passwd", "\0", "\ud83e\udd8a",
        "%00", "data:,", "data:image/png;base64,", "data:image/png;base64,AAAA", "data:image/png;base64,iVBORw0KGgo=", "https://example.com/a.png", "file:///etc/passwd", "'; drop table jobs; --",
        "video_00000000000070008000000000000000", "image_00000000000070008000000000000000", "edit_00000000000070008000000000000000", "session_00000000000070008000000000000000", "make it sepia", "video_", "sticker", "sora-2", "b64_json", "url", "auto", "transparent", "whsec_", new('a', 5000),
    ];

    private static readonly string[] Scalars =
        ["null", "true", "false", "0", "-0", "1", "-1", "7", "1.5", "1e5", "1e400", "9007199254740993", "18446744073709551616", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[[[[[[[[[[]]]]]]]]]]", "{\"a\":1}", "{\"image_url\":1}", "{\"file_id\":\"x\"}", "{\"image_url\":\"data:image/png;base64,AAAA\"}"];

    /// <summary>A request at one of the routes, or near it.</summary>
    public static Gen<GeneratedRequest> Requests(IReadOnlyList<ApiRoute> routes) =>
        from route in Gen.Elements(routes.AsEnumerable())
        from method in Gen.Frequency((8, Gen.Constant(route.Method)), (1, Gen.Elements("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "NONSENSE")))
        from id in Gen.Elements(Texts).Select(Uri.EscapeDataString)
        from query in Queries()
        from headers in Headers()
        from body in Bodies(route.Operation.Body)
        select new GeneratedRequest(method, route.Template.Replace("{id}", id, StringComparison.Ordinal).Replace("{delivery_id}", id, StringComparison.Ordinal).Replace("{version}", id, StringComparison.Ordinal) + query, [.. headers, .. body.Type is null ? [] : new[] { KeyValuePair.Create("Content-Type", body.Type) }], body.Bytes);

    private static Gen<string> Queries() => Gen.Frequency(
        (2, Gen.Constant("")),
        (1, Gen.Elements("limit", "after", "order", "status", "variant", "expires", "signature", "nonsense", "")
            .SelectMany(name => Gen.Elements(Texts).Select(value => $"?{name}={Uri.EscapeDataString(value)}"))),
        (1, Gen.Elements("?", "??", "?=", "?&&", "?limit=1&limit=2", "?%zz", "?expires=1&signature=AAAA", "?limit=100&order=asc&status=queued")));

    private static Gen<KeyValuePair<string, string>[]> Headers() => Gen.SubListOf(
        KeyValuePair.Create("Prefer", "wait=0"),
        KeyValuePair.Create("Prefer", "wait=;;,=,wait=-1"),
        KeyValuePair.Create("Idempotency-Key", "same"),
        KeyValuePair.Create("Idempotency-Key", new string('k', 300)),
        KeyValuePair.Create("Last-Event-ID", "end"),
        KeyValuePair.Create("Last-Event-ID", "99999999999.x"),
        KeyValuePair.Create("Authorization", "Bearer \t x"),
        KeyValuePair.Create("Range", "bytes=5-1,x"),
        KeyValuePair.Create("If-None-Match", "\"\"\""),
        KeyValuePair.Create("Accept", "nonsense/;q=x"),
        KeyValuePair.Create("Content-Encoding", "gzip"),
        KeyValuePair.Create("Expect", "nonsense"),
        KeyValuePair.Create("Cookie", "a=b; =;"))
        .Select(headers => headers.ToArray());

    private static Gen<(string? Type, byte[] Bytes)> Bodies(RequestSchema? schema)
    {
        var names = (schema?.Fields.Select(field => field.Name) ?? []).Append("nonsense").Append("").ToArray();
        var json = Json(names).Select(text => ((string?)"application/json", Encoding.UTF8.GetBytes(text)));
        var form = Form(names).Select(bytes => ((string?)"multipart/form-data; boundary=xx", bytes));
        return Gen.Frequency(
            (6, json),
            (4, form),
            (2, json.SelectMany(body => Cut(body.Item2).Select(bytes => (body.Item1, bytes)))),
            (2, form.SelectMany(body => Cut(body.Item2).Select(bytes => (body.Item1, bytes)))),
            (1, Noise().SelectMany(bytes => Gen.Elements<string?>("application/json", "multipart/form-data; boundary=xx", "multipart/form-data", "text/plain", "nonsense", "application/json; charset=x").Select(type => (type, bytes)))),
            (1, Gen.Constant(((string?)null, Array.Empty<byte>()))));
    }

    private static Gen<string> Json(string[] names) =>
        from fields in Gen.Elements(names).SelectMany(name => Gen.Frequency((2, Gen.Elements(Texts).Select(text => System.Text.Json.JsonSerializer.Serialize(text))), (2, Gen.Elements(Scalars))).Select(value => $"{System.Text.Json.JsonSerializer.Serialize(name)}:{value}")).ListOf()
        from text in Gen.Frequency((8, Gen.Constant($"{{{string.Join(',', fields)}}}")), (1, Gen.Elements(Scalars)))
        select text;

    private static Gen<byte[]> Form(string[] names)
    {
        var suffixes = Gen.Elements("", "", "", "[]", "[a]", "[", "]", "[a][b]");
        var part =
            from name in Gen.Elements(names)
            from suffix in suffixes
            from file in Gen.Elements("", "", "; filename=\"a.png\"", "; filename=")
            from content in Gen.Frequency((3, Gen.Elements(Texts).Select(text => Encoding.UTF8.GetBytes(text))), (1, Noise()))
            select (byte[])[.. Encoding.UTF8.GetBytes($"--xx\r\nContent-Disposition: form-data; name=\"{name}{suffix}\"{file}\r\n\r\n"), .. content, .. "\r\n"u8];
        return part.ListOf().Select(parts => (byte[])[.. parts.SelectMany(bytes => bytes), .. "--xx--\r\n"u8]);
    }

    private static Gen<byte[]> Cut(byte[] whole) => Gen.Choose(0, whole.Length).Select(length => whole[..length]);

    private static Gen<byte[]> Noise() => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
}
