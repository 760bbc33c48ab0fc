using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using DurableTask.AzureStorage;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>
/// Makes DurableTask's client of tables, with a limit on concurrent requests that leases do not wait for. DurableTask's own limit
/// makes the renewal of a partition's lease wait behind all other requests: under load it comes too late, the lease is lost, the
/// messages that were taken stay hidden until their time is over, and nothing is done meanwhile.
/// </summary>
/// <param name="create">Makes the client from options.</param>
/// <param name="partitionTable">The table with the leases.</param>
internal sealed class LeasesFirstTables(Func<TableClientOptions, TableServiceClient> create, string partitionTable) : IStorageServiceClientProvider<TableServiceClient, TableClientOptions>
{
    public TableClientOptions CreateOptions() => new();

    /// <remarks>The given options are not used, for they hold DurableTask's limit.</remarks>
    public TableServiceClient CreateClient(TableClientOptions options)
    {
        var own = CreateOptions();
        own.AddPolicy(new LeasesFirstPolicy(partitionTable), HttpPipelinePosition.PerCall);
        return create(own);
    }
}

/// <summary>Limits concurrent requests, but for those on one table.</summary>
internal sealed class LeasesFirstPolicy(string table) : HttpPipelinePolicy, IDisposable
{
    private const int MaximumRequests = 32;

    private readonly SemaphoreSlim _free = new(MaximumRequests);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (IsLease(message))
        {
            ProcessNext(message, pipeline);
            return;
        }

        _free.Wait(message.CancellationToken);
        try
        {
            ProcessNext(message, pipeline);
        }
        finally
        {
            _free.Release();
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (IsLease(message))
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        await _free.WaitAsync(message.CancellationToken);
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    private bool IsLease(HttpMessage message) => message.Request.Uri.Path.Contains(table, StringComparison.OrdinalIgnoreCase);
}
