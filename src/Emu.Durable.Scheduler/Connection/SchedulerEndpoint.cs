namespace Emu.Durable.Scheduler.Connection;

/// <summary>The forms of a scheduler's address.</summary>
public static class SchedulerEndpoint
{
    private const string Accepted = "accepted is https://NAME.REGION.durabletask.io, or http://localhost:PORT for an emulator on this machine";

    /// <summary>Reads an address: https, a host name alone (https too), or http on this machine.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static Uri Parse(string? text)
    {
        var address = text?.Contains("://", StringComparison.Ordinal) == true ? text : $"https://{text}";
        return !string.IsNullOrWhiteSpace(text) && Uri.TryCreate(address, UriKind.Absolute, out var endpoint)
            ? Validate(endpoint)
            : throw new ArgumentException($"'{text}' is no address of a scheduler: {Accepted}.");
    }

    /// <summary>Checks an address: a token must not go over an open connection.</summary>
    /// <exception cref="ArgumentException">It is neither https nor on this machine, or has a path.</exception>
    public static Uri Validate(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!endpoint.IsAbsoluteUri || endpoint.PathAndQuery != "/" || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            throw new ArgumentException($"'{endpoint}' is no address of a scheduler: {Accepted}.");
        }

        return endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback
            ? endpoint
            : throw new ArgumentException($"'{endpoint.OriginalString}' is not encrypted and not on this machine: {Accepted}.");
    }
}
