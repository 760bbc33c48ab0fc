using Azure.Storage.Queues.Models;
using Emu.Durable.AzureStorage.Hub;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Activities;

/// <summary>
/// Runs the activities of one group in this process, at most as many at once as the group allows: a message is taken only when one
/// can begin, so that what waits is free for other processes.
/// </summary>
internal sealed class ActivityGroupWorker : IDisposable
{
    private const int MaximumTaken = 32;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<string> _names;
    private readonly ActivityQueues _queues;
    private readonly ActivityDelivery _delivery;
    private readonly AzureStorageEngineOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly int _concurrency;
    private bool _isAway;

    /// <param name="names">The group's queues, in the order in which they are looked into.</param>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <param name="queues">The hub's queues.</param>
    /// <param name="delivery">Runs an activity.</param>
    /// <param name="options">Pauses and timeouts.</param>
    /// <param name="logger">Gets failures of the storage.</param>
    public ActivityGroupWorker(IReadOnlyList<string> names, int concurrency, ActivityQueues queues, ActivityDelivery delivery, AzureStorageEngineOptions options, ILogger logger)
    {
        _names = names;
        _queues = queues;
        _delivery = delivery;
        _options = options;
        _logger = logger;
        _concurrency = concurrency;
        _free = new SemaphoreSlim(concurrency);
        queues.Announced += Wake;
    }

    /// <summary>Works until it is told to stop, then waits for the activities that run.</summary>
    /// <param name="stopping">Takes nothing more.</param>
    /// <param name="interrupting">Cancels the activities that run.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken interrupting)
    {
        var pause = ShortestPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _free.WaitAsync(stopping);
                if (await BeginAsync(stopping, interrupting))
                {
                    pause = ShortestPause;
                    continue;
                }

                await _wake.WaitAsync(pause, stopping);
                pause = pause * 2 < _options.MaximumPollingInterval ? pause * 2 : _options.MaximumPollingInterval;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
        }

        for (var ended = 0; ended < _concurrency; ended++)
        {
            await _free.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _queues.Announced -= Wake;
        _free.Dispose();
        _wake.Dispose();
    }

    // Begins what the first queue with messages has, as far as the group allows. One place is held already.
    private async Task<bool> BeginAsync(CancellationToken stopping, CancellationToken interrupting)
    {
        var places = 1;
        while (places < MaximumTaken && _free.Wait(0, CancellationToken.None))
        {
            places++;
        }

        var begun = 0;
        try
        {
            foreach (var name in _names)
            {
                foreach (var taken in await TakeAsync(name, places - begun, stopping))
                {
                    begun++;
                    _ = Task.Run(() => RunOneAsync(name, taken, interrupting), CancellationToken.None);
                }

                if (begun > 0)
                {
                    break;
                }
            }
        }
        finally
        {
            if (places > begun)
            {
                _free.Release(places - begun);
            }
        }

        return begun > 0;
    }

    private async Task<IReadOnlyList<QueueMessage>> TakeAsync(string name, int count, CancellationToken stopping)
    {
        try
        {
            var taken = await _queues.TakeAsync(name, count, _options.LostWorkTimeout, stopping);
            if (_isAway)
            {
                _isAway = false;
                _logger.StorageAnswers(name);
            }

            return taken;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested && HubErrors.Translate(exception) is { } translated)
        {
            // Said once, not every second while it lasts.
            if (!_isAway)
            {
                _isAway = true;
                _logger.StorageFailed(name, translated.Message);
            }

            await Task.Delay(_options.MaximumPollingInterval, stopping);
            return [];
        }
    }

    private async Task RunOneAsync(string name, QueueMessage taken, CancellationToken interrupting)
    {
        try
        {
            await _delivery.RunAsync(name, taken, interrupting);
        }
        finally
        {
            _free.Release();
        }
    }

    private void Wake(IReadOnlyCollection<string> names)
    {
        if (_names.Any(names.Contains))
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Awake already.
            }
        }
    }
}
