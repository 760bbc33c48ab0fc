using Emu.Api.Authentication;
using Emu.Hosting;
using Emu.Local.CommandLine;
using Emu.Pipeline.Artifacts;

namespace Emu.Local.Hosting;

/// <summary>
/// What servers that work together share beside jobs, where one server has its data folder: API keys, the link-signing key,
/// webhook endpoints, their secrets and deliveries. It is a private container, encrypted with a key that only the servers have.
/// </summary>
public sealed class SharedHome
{
    /// <summary>Names the environment variable with the key: 32 bytes as Base64.</summary>
    public const string KeyVariable = "EMU_SECRETS_KEY";

    private SharedHome(IArtifactStore store) => Store = store;

    /// <summary>The private store.</summary>
    public IArtifactStore Store { get; }

    /// <summary>Opens the home of a hub's servers, making it if there is none.</summary>
    /// <exception cref="UsageException">The key is missing or none.</exception>
    /// <exception cref="CommandFailedException">The home is encrypted with another key.</exception>
    /// <exception cref="Durable.Abstractions.Engines.DurableEngineUnavailableException">The engine does not answer. Nothing was made.</exception>
    /// <exception cref="Durable.Abstractions.Engines.DurableDataVersionException">The hub is another program's, or of another version. Nothing was made.</exception>
    public static async Task<SharedHome> OpenAsync(SharedHub hub, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var key = ReadKey();
        await hub.CheckAsync(cancellationToken);
        try
        {
            return new SharedHome(await PrivateStore.OpenAsync(hub.Storage, hub.Container, key, cancellationToken));
        }
        catch (OtherKeyException exception)
        {
            throw new CommandFailedException($"What the servers of this hub share was encrypted with another key than the one in {KeyVariable}.", exception);
        }
    }

    /// <summary>The API keys.</summary>
    public StoredApiKeys Keys() => new(Store, TimeProvider.System);

    private static byte[] ReadKey()
    {
        const string Make = "Make one with 'openssl rand -base64 32', and give every server and worker the same.";
        var text = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(text))
        {
            throw new UsageException($"The environment variable {KeyVariable} is missing: the key that encrypts what the servers share, 32 bytes as Base64. {Make}");
        }

        try
        {
            return PrivateStore.ReadKey(text);
        }
        catch (FormatException)
        {
            throw new UsageException($"The environment variable {KeyVariable} is no key of 32 bytes as Base64. {Make}");
        }
    }
}
