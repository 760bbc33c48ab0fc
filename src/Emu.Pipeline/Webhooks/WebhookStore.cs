using System.Runtime.CompilerServices;
using Emu.Pipeline.Artifacts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Endpoints, signing secrets and deliveries of each owner, as JSON files in a private store (never the artifact store, whose
/// files can be downloaded).
/// </summary>
/// <remarks>
/// A damaged file is reported as a non-retryable <see cref="ArtifactStoreException"/> that names it. Listings and retention log
/// such a file and go on with the others.
/// </remarks>
public sealed class WebhookStore(IArtifactStore store, TimeProvider time, ILogger<WebhookStore>? logger = null)
{
    private const int MaximumConflicts = 100;

    private readonly ILogger _logger = logger ?? NullLogger<WebhookStore>.Instance;

    /// <summary>An endpoint of an owner, or null.</summary>
    public Task<WebhookEndpoint?> FindEndpointAsync(string owner, string id, CancellationToken cancellationToken) =>
        IsName(id) ? ReadAsync<WebhookEndpoint>(EndpointName(owner, id), cancellationToken) : Task.FromResult<WebhookEndpoint?>(null);

    /// <summary>Writes a new endpoint.</summary>
    public async Task CreateEndpointAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _ = await store.CreateAsync(EndpointName(endpoint.Owner, endpoint.Id), ArtifactJson.Write(endpoint), cancellationToken)
            ?? throw new InvalidOperationException($"There is a webhook endpoint '{endpoint.Id}' already.");
    }

    /// <summary>Changes an endpoint under its ETag; null if it is gone.</summary>
    public Task<WebhookEndpoint?> UpdateEndpointAsync(string owner, string id, Func<WebhookEndpoint, WebhookEndpoint> change, CancellationToken cancellationToken) =>
        IsName(id) ? UpdateAsync(EndpointName(owner, id), change, cancellationToken) : Task.FromResult<WebhookEndpoint?>(null);

    /// <summary>An owner's endpoints, oldest first.</summary>
    public IAsyncEnumerable<WebhookEndpoint> ListEndpointsAsync(string owner, CancellationToken cancellationToken) =>
        ListAsync<WebhookEndpoint>(EndpointName(owner, ""), null, cancellationToken);

    /// <summary>The owner's default secrets, newest first; created by the first call.</summary>
    public async Task<IReadOnlyList<WebhookSigningSecret>> GetDefaultSecretsAsync(string owner, CancellationToken cancellationToken)
    {
        var name = DefaultSecretsName(owner);
        while (true)
        {
            if (await ReadAsync<IReadOnlyList<WebhookSigningSecret>>(name, cancellationToken) is { } secrets)
            {
                return secrets;
            }

            await store.CreateAsync(name, ArtifactJson.Write(WebhookSigningSecret.First(time.GetUtcNow())), cancellationToken);
        }
    }

    /// <summary>Replaces the owner's default secret; the old one goes on signing beside it for <see cref="WebhookSigningSecret.RotationOverlap"/>.</summary>
    public async Task<IReadOnlyList<WebhookSigningSecret>> RotateDefaultSecretAsync(string owner, CancellationToken cancellationToken)
    {
        await GetDefaultSecretsAsync(owner, cancellationToken);
        var rotated = await UpdateAsync<IReadOnlyList<WebhookSigningSecret>>(
            DefaultSecretsName(owner), secrets => WebhookSigningSecret.Rotate(secrets, time.GetUtcNow()), cancellationToken);
        return rotated ?? throw new InvalidOperationException("The default webhook secret was removed while it was replaced.");
    }

    /// <summary>Writes a delivery unless it exists; an existing one is never replaced.</summary>
    public Task CreateDeliveryAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return store.CreateAsync(DeliveryName(delivery.Owner, delivery.Target, delivery.Id), ArtifactJson.Write(delivery), cancellationToken);
    }

    /// <summary>A delivery, or null.</summary>
    public Task<WebhookDelivery?> FindDeliveryAsync(string owner, string target, string id, CancellationToken cancellationToken) =>
        IsName(target) && WebhookDeliveryId.IsOne(id) ? ReadAsync<WebhookDelivery>(DeliveryName(owner, target, id), cancellationToken) : Task.FromResult<WebhookDelivery?>(null);

    /// <summary>Changes a delivery under its ETag; null if it is gone.</summary>
    public Task<WebhookDelivery?> UpdateDeliveryAsync(WebhookTarget target, Func<WebhookDelivery, WebhookDelivery> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return UpdateAsync(DeliveryName(target.Owner, target.Target, target.DeliveryId), change, cancellationToken);
    }

    /// <summary>A target's deliveries, newest first.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="target">An endpoint's id or <see cref="WebhookTarget.Default"/>.</param>
    /// <param name="after">The id of the delivery after which the page begins; null to begin with the newest.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<WebhookDelivery> ListDeliveriesAsync(string owner, string target, string? after, CancellationToken cancellationToken) =>
        ListAsync<WebhookDelivery>($"webhooks/{owner}/deliveries/{target}/", after is null ? null : DeliveryName(owner, target, after), cancellationToken);

    /// <summary>Removes deliveries that ended before a time, dead letters too.</summary>
    /// <returns>The removed deliveries, so that their orchestration instances can be purged.</returns>
    public async IAsyncEnumerable<WebhookDelivery> RemoveEndedAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in store.ListAsync("webhooks/", null, cancellationToken))
        {
            if (info.LastModified >= before || !info.Name.Contains("/deliveries/", StringComparison.Ordinal)
                || await ReadOrSkipAsync<WebhookDelivery>(info.Name, cancellationToken) is not { } delivery
                || delivery.State == WebhookDeliveryState.Pending)
            {
                continue;
            }

            await store.DeleteAsync(info.Name, cancellationToken);
            yield return delivery;
        }
    }

    private static string EndpointName(string owner, string id) => $"webhooks/{owner}/endpoints/{(id.Length == 0 ? "" : id + ".json")}";

    private static string DefaultSecretsName(string owner) => $"webhooks/{owner}/secret.json";

    private static string DeliveryName(string owner, string target, string id) =>
        $"webhooks/{owner}/deliveries/{target}/{WebhookDeliveryId.NewestFirst(id)}-{id}.json";

    private static bool IsName(string id) => id.Length is > 0 and <= 64 && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    private static T Parse<T>(string name, ArtifactContent content)
        where T : class
    {
        var value = ArtifactJson.Read<T>(name, content.Content);
        var secrets = value switch
        {
            WebhookEndpoint endpoint => endpoint.Secrets,
            IReadOnlyList<WebhookSigningSecret> list => list,
            _ => null,
        };
        if (secrets is not null)
        {
            CheckSecrets(name, secrets);
        }

        return value;
    }

    private static void CheckSecrets(string name, IReadOnlyList<WebhookSigningSecret> secrets)
    {
        try
        {
            if (secrets.Count == 0)
            {
                throw new FormatException("It has no signing secret.");
            }

            foreach (var secret in secrets)
            {
                WebhookSecret.Parse(secret?.Secret ?? "");
            }
        }
        catch (FormatException exception)
        {
            throw new ArtifactStoreException($"'{name}' is damaged: {exception.Message}", false, exception);
        }
    }

    private async Task<T?> ReadAsync<T>(string name, CancellationToken cancellationToken)
        where T : class
    {
        var found = await store.ReadAsync(name, cancellationToken);
        return found is null ? null : Parse<T>(name, found);
    }

    // Null for a file that was removed meanwhile or is damaged.
    private async Task<T?> ReadOrSkipAsync<T>(string name, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ReadAsync<T>(name, cancellationToken);
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            _logger.LogError(exception, "The webhook file {Name} cannot be read and is skipped.", name);
            return null;
        }
    }

    private async Task<T?> UpdateAsync<T>(string name, Func<T, T> change, CancellationToken cancellationToken)
        where T : class
    {
        for (var conflict = 0; conflict < MaximumConflicts; conflict++)
        {
            if (await store.ReadAsync(name, cancellationToken) is not { } found)
            {
                return null;
            }

            var changed = change(Parse<T>(name, found));
            if (await store.UpdateAsync(name, ArtifactJson.Write(changed), found.ETag, cancellationToken) is not null)
            {
                return changed;
            }
        }

        throw new ArtifactStoreException($"'{name}' was changed by another process {MaximumConflicts} times in a row.", retryable: true);
    }

    private async IAsyncEnumerable<T> ListAsync<T>(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await foreach (var info in store.ListAsync(prefix, startAfter, cancellationToken))
        {
            if (await ReadOrSkipAsync<T>(info.Name, cancellationToken) is { } item)
            {
                yield return item;
            }
        }
    }
}
