using Emu.Api.OpenApi;

namespace Emu.Api.Routing;

/// <summary>One route: what hosts map, what is described at <c>/openapi/v1.json</c>, and what guards it.</summary>
/// <param name="Name">Its stable name, for example <c>videos.create</c>; also the operation's id in the description.</param>
/// <param name="Method">The HTTP method. <c>GET</c> answers <c>HEAD</c> too.</param>
/// <param name="Template">The path with its parameters in braces, from the root: <c>/v1/videos/{id}</c>.</param>
/// <param name="Handler">What answers.</param>
/// <param name="Operation">Its description.</param>
public sealed record ApiRoute(string Name, string Method, string Template, ApiHandler Handler, ApiOperation Operation)
{
    /// <summary>Bodies of routes that take no picture are no longer than this, in bytes.</summary>
    public const long SmallBodyBytes = 256 * 1024;

    /// <summary>Who may use it; <see cref="ApiAccess.Key"/> by default.</summary>
    public ApiAccess Access { get; init; } = ApiAccess.Key;

    /// <summary>Whether its body may hold a picture, and so be as long as <see cref="Limits.ApiLimits.MaximumBodyBytes"/>; otherwise <see cref="SmallBodyBytes"/>.</summary>
    public bool TakesPicture { get; init; }

    /// <summary>The methods to map.</summary>
    public IReadOnlyList<string> Methods => Method == "GET" ? ["GET", "HEAD"] : [Method];
}
