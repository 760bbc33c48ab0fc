using Azure.Storage.Blobs;
using Emu.Conformance.Azurite;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.AzureStorage.Tests.Hub;

public sealed class TaskHubTests(AzuriteServer azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_NoSuchHub_IsFalseAndMakesNothing()
    {
        var options = new AzureStorageFixture(azurite).Options;
        Assert.False(await AzureStorageEngine.CheckAsync(options, Token));
        var blobs = new BlobServiceClient(options.Storage);
        Assert.Empty(blobs.GetBlobContainers(prefix: options.TaskHub, cancellationToken: Token));
    }

    [Fact]
    public async Task Start_HubOfAnotherVersion_Throws()
    {
        var options = new AzureStorageFixture(azurite).Options;
        await WriteAsync(options, "emu.json", """{"version":2,"partitions":4}""");
        var exception = await StartAsync<DurableDataVersionException>(options);
        Assert.Contains($"'{options.TaskHub}' has version 2; this program reads version 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_HubOfAnotherProgram_Throws()
    {
        var options = new AzureStorageFixture(azurite).Options;
        await WriteAsync(options, "taskhub.json", "{}");
        var exception = await StartAsync<DurableDataVersionException>(options);
        Assert.Contains("was made by another program", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ExistingHub_KeepsItsPartitions()
    {
        var options = new AzureStorageFixture(azurite).Options;
        await WriteAsync(options, "emu.json", """{"version":1,"partitions":2}""");
        await using var engine = new AzureStorageEngine(options with { Partitions = 1 }, NullLoggerFactory.Instance);
        await engine.StartAsync(Token);
        var queues = new Azure.Storage.Queues.QueueServiceClient(options.Storage).GetQueues(prefix: $"{options.TaskHub}-control", cancellationToken: Token);
        Assert.Equal(2, queues.Count());
    }

    [Fact]
    public async Task Start_StorageDoesNotAnswer_Throws()
    {
        const string Closed = "http://127.0.0.1:9/devstoreaccount1";
        var options = new AzureStorageEngineOptions
        {
            Storage = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint={Closed};QueueEndpoint={Closed};TableEndpoint={Closed};",
        };
        var exception = await StartAsync<DurableEngineUnavailableException>(options);
        Assert.Contains("did not answer", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("https://example.com")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=x")]
    public void Options_StorageThatIsNone_Throws(string storage) =>
        Assert.ThrowsAny<ArgumentException>(() => new AzureStorageEngineOptions { Storage = storage });

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("1hub")]
    [InlineData("my-hub")]
    [InlineData("abcdefghijklmnopqrstuvwxyz01234")]
    public void Options_HubNameThatIsNone_Throws(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => new AzureStorageEngineOptions { Storage = "UseDevelopmentStorage=true", TaskHub = name });

    private static async Task WriteAsync(AzureStorageEngineOptions options, string name, string content)
    {
        var container = new BlobServiceClient(options.Storage).GetBlobContainerClient($"{options.TaskHub}-leases");
        await container.CreateIfNotExistsAsync(cancellationToken: Token);
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), Token);
    }

    private static async Task<T> StartAsync<T>(AzureStorageEngineOptions options)
        where T : Exception
    {
        await using var engine = new AzureStorageEngine(options, NullLoggerFactory.Instance);
        return await Assert.ThrowsAsync<T>(() => engine.StartAsync(Token));
    }
}
