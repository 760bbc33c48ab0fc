using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DurableTask.AzureStorage;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>The clients of a storage account, made from a connection string or from the account's blob address.</summary>
internal sealed class StorageAccount
{
    private readonly string? _connection;
    private readonly Uri? _address;
    private readonly TokenCredential? _credential;

    public StorageAccount(string storage)
    {
        if (Address(storage) is { } address)
        {
            _address = address;
            _credential = new DefaultAzureCredential();
        }
        else
        {
            _connection = storage;
        }

        Queues = _connection is null ? new QueueServiceClient(Service("queue"), _credential, QueueOptions()) : new QueueServiceClient(_connection, QueueOptions());
        Blobs = _connection is null ? new BlobServiceClient(_address, _credential, BlobOptions()) : new BlobServiceClient(_connection, BlobOptions());
    }

    /// <summary>Queues whose messages are Base64.</summary>
    public QueueServiceClient Queues { get; }

    public BlobServiceClient Blobs { get; }

    /// <summary>Checks the form of a connection string or address; nothing is asked of the service.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string Validate(string storage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storage);
        if (Address(storage) is { } address)
        {
            return address.Host.Contains(".blob.", StringComparison.Ordinal)
                ? storage
                : throw new ArgumentException($"'{storage}' is no account's blob address: it looks like https://ACCOUNT.blob.core.windows.net.");
        }

        try
        {
            _ = new QueueServiceClient(storage);
            _ = new BlobServiceClient(storage);
            return storage;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // The text may hold the account's key, so it is not repeated.
            throw new ArgumentException("The storage is neither a connection string with blob, queue and table endpoints nor an account's https address.", exception);
        }
    }

    /// <summary>Asks queues and tables for something of a hub, whether it is there or not.</summary>
    public async Task CheckAsync(string hub, CancellationToken cancellationToken)
    {
        await Queues.GetQueueClient($"{hub}-default").ExistsAsync(cancellationToken);
        var options = new TableClientOptions();
        Configure(options.Retry);
        await foreach (var _ in CreateTables(options).QueryAsync(table => table.Name == hub, maxPerPage: 1, cancellationToken))
        {
            break;
        }
    }

    /// <summary>The clients that DurableTask uses for a hub.</summary>
    public StorageAccountClientProvider Provider(string hub)
    {
        var standard = _connection is null
            ? new StorageAccountClientProvider(_address!, Service("queue"), Service("table"), _credential!)
            : new StorageAccountClientProvider(_connection);
        return new StorageAccountClientProvider(standard.Blob, standard.Queue, new LeasesFirstTables(CreateTables, $"{hub}Partitions"));
    }

    private static Uri? Address(string storage) => Uri.TryCreate(storage, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : null;

    private static QueueClientOptions QueueOptions()
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        Configure(options.Retry);
        return options;
    }

    private static BlobClientOptions BlobOptions()
    {
        var options = new BlobClientOptions();
        Configure(options.Retry);
        return options;
    }

    // Three attempts within a few seconds; what fails then is tried again by the loops that use the clients.
    private static void Configure(RetryOptions retry)
    {
        retry.Mode = RetryMode.Exponential;
        retry.MaxRetries = 2;
        retry.Delay = TimeSpan.FromMilliseconds(300);
        retry.NetworkTimeout = TimeSpan.FromSeconds(10);
    }

    private TableServiceClient CreateTables(TableClientOptions options) =>
        _connection is null ? new TableServiceClient(Service("table"), _credential, options) : new TableServiceClient(_connection, options);

    private Uri Service(string name) => new UriBuilder(_address!) { Host = _address!.Host.Replace(".blob.", $".{name}.", StringComparison.Ordinal) }.Uri;
}
