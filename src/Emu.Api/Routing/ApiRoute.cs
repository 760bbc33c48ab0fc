using Emu.Api.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Emu.Api.Routing;

/// <summary>One route: its method and path, its handler, its access, and its description in <c>/openapi/v1.json</c>.</summary>
/// <param name="Name">Its stable name, for example <c>videos.create</c>; also the operation's id in the description.</param>
/// <param name="Method">The HTTP method. A <c>GET</c> route also accepts <c>HEAD</c>.</param>
/// <param name="Template">The path with its parameters in braces, from the root: <c>/v1/videos/{id}</c>.</param>
/// <param name="Handler">Handles its requests.</param>
/// <param name="Operation">Its description.</param>
public sealed record ApiRoute(string Name, string Method, string Template, ApiHandler Handler, ApiOperation Operation)
{
    /// <summary>The longest body of routes that accept no picture, in bytes.</summary>
    public const long SmallBodyBytes = 256 * 1024;

    /// <summary>Who may use it; <see cref="ApiAccess.Key"/> by default.</summary>
    public ApiAccess Access { get; init; } = ApiAccess.Key;

    /// <summary>
    /// Whether a text can be the template's <c>{id}</c>; any text by default. A path with another text there is no route's: a
    /// method that is not mapped gets 404 instead of 405.
    /// </summary>
    public Func<string, bool> IsId { get; init; } = _ => true;

    /// <summary>The methods to map.</summary>
    public IReadOnlyList<string> Methods => Method == "GET" ? ["GET", "HEAD"] : [Method];
}

/// <summary>Who may use a route.</summary>
public enum ApiAccess
{
    /// <summary>Callers with a key, or every caller on this machine while there are no keys.</summary>
    Key,

    /// <summary>As <see cref="Key"/>, or callers with a signed link that has not expired.</summary>
    KeyOrSignedLink,

    /// <summary>Every caller.</summary>
    Anonymous,
}

/// <summary>Handles one request; a host maps it to a method and a template.</summary>
public delegate Task<IResult> ApiHandler(HttpContext context, CancellationToken cancellationToken);

/// <summary>Routes that belong together; the table is made of all groups that a host registers.</summary>
public interface IRouteGroup
{
    /// <summary>The group's routes, in the order in which they are described.</summary>
    IEnumerable<ApiRoute> Routes { get; }
}

/// <summary>Every route of the API, in the order in which they are described.</summary>
public sealed class RouteTable
{
    private readonly Dictionary<string, ApiRoute> _byName;

    /// <summary>Creates the table.</summary>
    /// <exception cref="ArgumentException">Two routes have one name, or one method and template.</exception>
    public RouteTable(params IEnumerable<ApiRoute> routes)
    {
        Routes = [.. routes];
        _byName = Routes.ToDictionary(route => route.Name, StringComparer.Ordinal);
        if (Routes.DistinctBy(route => (route.Method, route.Template)).Count() != Routes.Count)
        {
            throw new ArgumentException("Two routes have the same method and template.", nameof(routes));
        }
    }

    /// <summary>The routes.</summary>
    public IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>Every method of every route, and <c>OPTIONS</c>.</summary>
    public IEnumerable<string> Methods => Routes.SelectMany(route => route.Methods).Append(HttpMethods.Options).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The methods that a path has; none if no such thing can exist: <c>/v1/images/edits</c>. Null if the path matches no template.</summary>
    public IReadOnlyList<string>? MethodsAt(PathString path)
    {
        var matches = Routes.Select(route => (Route: route, Values: ValuesOf(route, path))).Where(match => match.Values is not null).ToList();
        return matches.Count == 0 ? null : [.. matches.Where(match => match.Values!["id"] is not string id || match.Route.IsId(id)).SelectMany(match => match.Route.Methods).Distinct()];
    }

    private static RouteValueDictionary? ValuesOf(ApiRoute route, PathString path)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(TemplateParser.Parse(route.Template), []).TryMatch(path, values) ? values : null;
    }

    /// <summary>The route of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ApiRoute this[string name] => _byName[name];
}
