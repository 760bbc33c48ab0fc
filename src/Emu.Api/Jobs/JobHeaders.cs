using System.Globalization;
using Emu.Api.Errors;
using Emu.Api.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Emu.Api.Jobs;

/// <summary>Reads <c>Idempotency-Key</c>.</summary>
public static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The key, or null.</summary>
    /// <exception cref="ApiException">400: it is not 1 to 255 visible characters, or there are two.</exception>
    public static string? Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return null;
        }

        return values is [{ Length: > 0 and <= 255 } key] && key.All(character => character is > ' ' and < '\x7f')
            ? key
            : throw ApiException.InvalidValue(Header, $"'{Header}' is not one value of 1 to 255 visible ASCII characters.");
    }
}

/// <summary>Reads <c>Prefer: wait=N</c> (RFC 7240): respond once the job has ended, but after N seconds at the latest.</summary>
public static class PreferWait
{
    /// <summary>How long the client would wait, at most <paramref name="longest"/>; null if it does not say. What cannot be read is ignored, as the RFC wants it.</summary>
    public static TimeSpan? Read(HttpRequest request, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var preference in request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            var parts = preference.Split(';')[0].Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length == 2
                && parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(parts[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds));
            }
        }

        return null;
    }
}

/// <summary>Reads <c>Prefer: respond-async</c> (RFC 7240): respond with the jobs instead of their results.</summary>
public static class PreferAsync
{
    /// <summary>The preference.</summary>
    public const string Token = "respond-async";

    /// <summary>Whether the client does not wait for results.</summary>
    public static bool Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',')).Any(preference => preference.Split(';')[0].Trim().Equals(Token, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>Parameters outside bodies that several routes share.</summary>
internal static class JobParameters
{
    public static ApiParameter IdempotencyKey { get; } = new(
        Jobs.IdempotencyKey.Header,
        ParameterLocation.Header,
        "The same key with the same request gives the first request's job instead of a new one; with another request, 422; while the first is being processed, 409.",
        new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 });

    public static ApiParameter Prefer { get; } = new(
        "Prefer",
        ParameterLocation.Header,
        "`wait=N`: respond when the job has ended, but after N seconds (at most 180) at the latest.",
        new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["wait=60"] });

    public static ApiParameter PreferAsync { get; } = new(
        "Prefer",
        ParameterLocation.Header,
        "`respond-async`: respond at once with the jobs, to be followed with `/events` or by polling.",
        new OpenApiSchema { Type = JsonSchemaType.String, Examples = [Jobs.PreferAsync.Token] });

    public static IReadOnlyList<ApiParameter> Page(string things) =>
    [
        new("limit", ParameterLocation.Query, "How many at most.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 20 }),
        new("after", ParameterLocation.Query, "The id that the page begins after: the last one's `last_id`.", new OpenApiSchema { Type = JsonSchemaType.String }),
        new("order", ParameterLocation.Query, "By time of creation: `desc` gives the newest first.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["asc", "desc"], Default = "desc" }),
        new("status", ParameterLocation.Query, $"Only {things} in this status.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["queued", "in_progress", "completed", "failed"] }),
    ];

    public static ApiParameter LastEventId { get; } = new(
        "Last-Event-ID", ParameterLocation.Header, "The last event's id that was seen: only newer ones are sent.", new OpenApiSchema { Type = JsonSchemaType.String });

    public static ApiParameter Variant(string main) => new(
        "variant",
        ParameterLocation.Query,
        $"`{main}` (the default), `thumbnail`, `spritesheet`, `keyframe`, or one of the job's formats. The job's `variants` lists what there is.",
        new OpenApiSchema { Type = JsonSchemaType.String, Default = main });

    /// <summary>How the API's description tells of a route that gives a file.</summary>
    public static ApiOperation Content(string tag, string summary) => new(
        tag,
        summary,
        new ApiResponse(200, "The file.", null, "application/octet-stream"),
        new ApiResponse(206, "The requested range.", null, "application/octet-stream"),
        ApiResponse.Empty(304, "The client's copy (`If-None-Match`) is the file."))
    {
        Description = "Ranges, `ETag` (the file's SHA-256) and `HEAD` are supported. A link made with `/links` needs no key.",
        Errors = [404, 409],
    };

    /// <summary>How the API's description tells of a job's events.</summary>
    public static ApiOperation EventStream(string tag, string noun, string a, Type resource) => new(
        tag,
        $"Follow {a} as server-sent events",
        new ApiResponse(200, $"Events `{noun}.queued`, `{noun}.in_progress`, and at the end `{noun}.completed`, `{noun}.failed` or `{noun}.deleted`; each one's data is the job.", resource, "text/event-stream"),
        ApiResponse.Empty(204, "The client has seen the last event already."))
    {
        Description = "The response ends after three minutes at most: connect again with `Last-Event-ID`, as `EventSource` does by itself.",
        Parameters = [LastEventId],
        Errors = [404],
    };
}
