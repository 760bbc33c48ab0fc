namespace Emu.Api.Routing;

/// <summary>Routes that belong together; the table is made of all groups that a host registers.</summary>
public interface IRouteGroup
{
    /// <summary>The group's routes, in the order in which they are described.</summary>
    IEnumerable<ApiRoute> Routes { get; }
}
