using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace Emu.Pipeline.Artifacts.Blob;

/// <summary>
/// Holds a container for one server: a lease of 60 s, renewed every 15 s. A server that dies frees it within a minute; one that
/// could not renew it in time is notified through <see cref="Lost"/>.
/// </summary>
public sealed class BlobContainerLease : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(15);

    private readonly BlobLeaseClient _lease;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewal;

    private BlobContainerLease(BlobLeaseClient lease)
    {
        _lease = lease;
        _renewal = RenewAsync();
    }

    /// <summary>Cancelled when the lease is gone: the server stops then, for another one may begin.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Ends the renewal and gives the container back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _renewal;
        try
        {
            await _lease.ReleaseAsync();
        }
        catch (RequestFailedException)
        {
            // Gone already, or the storage is: it ends by itself within a minute.
        }

        _stop.Dispose();
        _lost.Dispose();
    }

    internal static async Task<BlobContainerLease> AcquireAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        var lease = container.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(Duration, cancellationToken: cancellationToken);
            return new BlobContainerLease(lease);
        }
        catch (RequestFailedException failed) when (failed.Status == 409)
        {
            throw new ContainerInUseException(container.Name, failed);
        }
        catch (Exception exception) when (BlobErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    private bool MayRecover(Exception exception) =>
        BlobErrors.Translate(exception) is ArtifactStoreException { Retryable: true } || (exception is OperationCanceledException && !_stop.IsCancellationRequested);

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewalInterval);
        var renewed = Environment.TickCount64;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                timeout.CancelAfter(RenewalInterval);
                try
                {
                    await _lease.RenewAsync(cancellationToken: timeout.Token);
                    renewed = Environment.TickCount64;
                }
                catch (Exception exception) when (MayRecover(exception) && Environment.TickCount64 - renewed < (Duration - 2 * RenewalInterval).TotalMilliseconds)
                {
                    // Still ours for a while: the next tick tries again.
                }
                catch (Exception exception) when (!_stop.IsCancellationRequested && (MayRecover(exception) || BlobErrors.Translate(exception) is not null))
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the lease is given back there.
        }
    }
}

/// <summary>Another server holds the container.</summary>
public sealed class ContainerInUseException(string container, Exception innerException)
    : Exception($"The container '{container}' is held by another server. Stop that one (its lease ends within a minute), or use another storage account or container.", innerException)
{
    /// <summary>The container's name.</summary>
    public string Container { get; } = container;
}
