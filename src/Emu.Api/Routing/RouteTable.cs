namespace Emu.Api.Routing;

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

    /// <summary>The route of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ApiRoute this[string name] => _byName[name];
}
