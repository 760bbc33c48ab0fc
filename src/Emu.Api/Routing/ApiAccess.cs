namespace Emu.Api.Routing;

/// <summary>Who may use a route.</summary>
public enum ApiAccess
{
    /// <summary>Whoever presents a key, or anybody on this machine while there are no keys.</summary>
    Key,

    /// <summary>As <see cref="Key"/>, or whoever presents a signed link that has not expired.</summary>
    KeyOrSignedLink,

    /// <summary>Anybody.</summary>
    Anonymous,
}
