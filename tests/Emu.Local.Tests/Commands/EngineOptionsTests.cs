using System.Text.Json;
using Azure.Storage.Blobs;
using Emu.Conformance.Azurite;
using Emu.Durable.SchedulerHost;

namespace Emu.Local.Tests.Commands;

/// <summary>Bad input to the options that name an engine: one clear line, and nothing is made.</summary>
public sealed class EngineOptionsTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string Closed = "http://127.0.0.1:9/devstoreaccount1";
    private const string Silent = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint={Closed};QueueEndpoint={Closed};TableEndpoint={Closed};";

    [Theory]
    [InlineData("--engine was given 'redis'; embedded, azure-storage and scheduler are accepted.", "--engine", "redis")]
    [InlineData("--engine azure-storage needs --storage", "--engine", "azure-storage")]
    [InlineData("The storage is neither a connection string", "--engine", "azure-storage", "--storage", "nonsense")]
    [InlineData("'my hub' is no name of a task hub", "--engine", "azure-storage", "--storage", Silent, "--task-hub", "my hub")]
    [InlineData("--stages was given 'paint'; accepted are keyframe", "--engine", "azure-storage", "--storage", Silent, "--stages", "paint")]
    [InlineData("--stages needs --engine azure-storage", "--stages", "keyframe")]
    [InlineData("--task-hub needs --engine azure-storage", "--task-hub", "other")]
    [InlineData("--scheduler needs --engine scheduler", "--scheduler", "localhost")]
    [InlineData("--engine scheduler needs --scheduler", "--engine", "scheduler", "--task-hub", "hub", "--storage", Silent)]
    [InlineData("--engine scheduler needs --task-hub", "--engine", "scheduler", "--scheduler", "localhost", "--storage", Silent)]
    [InlineData("--engine scheduler needs --storage", "--engine", "scheduler", "--scheduler", "localhost", "--task-hub", "hub")]
    [InlineData("'http://example.com:8080' is not encrypted and not on this machine", "--engine", "scheduler", "--scheduler", "http://example.com:8080", "--task-hub", "hub", "--storage", Silent)]
    [InlineData("'not an address' is no address of a scheduler", "--engine", "scheduler", "--scheduler", "not an address", "--task-hub", "hub", "--storage", Silent)]
    [InlineData("'my hub' is no name of a task hub", "--engine", "scheduler", "--scheduler", "localhost", "--task-hub", "my hub", "--storage", Silent)]
    [InlineData("--stages was given 'paint'; accepted are keyframe", "--engine", "scheduler", "--scheduler", "localhost", "--task-hub", "hub", "--storage", Silent, "--stages", "paint")]
    public async Task Work_OptionThatIsNone_SaysWhatIsAccepted(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var result = await EmuCommand.RunAsync(["work", "--data", data, .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(data));
    }

    [Theory]
    [InlineData(null, 2, "The environment variable EMU_SECRETS_KEY is missing")]
    [InlineData("c2hvcnQ=", 2, "EMU_SECRETS_KEY is no key of 32 bytes")]
    [InlineData(Key, 1, "Azure Storage did not answer")]
    public async Task Serve_KeyOrStorageIsMissing_SaysSoAndMakesNothing(string? key, int code, string message)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var result = await RunAsync(folder, key, "serve", "--data", data, "--engine", "azure-storage", "--storage", Silent);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Work_HubOfAnotherVersion_SaysSoAndMakesNothing()
    {
        using var folder = new TemporaryFolder();
        var hub = NewHub();
        var blobs = new BlobServiceClient(azurite.Connection);
        var leases = (await blobs.CreateBlobContainerAsync($"{hub}-leases", cancellationToken: Token)).Value;
        await leases.GetBlobClient("emu.json").UploadAsync(BinaryData.FromString("""{"version":7,"partitions":4}"""), Token);
        var result = await RunAsync(folder, Key, "work", "--data", folder["data"], "--engine", "azure-storage", "--storage", azurite.Connection, "--task-hub", hub);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"The task hub '{hub}' has version 7; this program reads version 1", result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([$"{hub}-leases"], blobs.GetBlobContainers(prefix: hub, cancellationToken: Token).Select(container => container.Name));
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Work_SchedulerDoesNotAnswer_SaysSoAndMakesNothing()
    {
        using var folder = new TemporaryFolder();
        var hub = NewHub();
        var result = await RunAsync(
            folder, Key, "work", "--data", folder["data"], "--engine", "scheduler", "--scheduler", "http://localhost:9", "--task-hub", hub, "--storage", azurite.Connection);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The Durable Task Scheduler did not answer", result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(new BlobServiceClient(azurite.Connection).GetBlobContainers(prefix: hub, cancellationToken: Token));
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Work_StorageBesideTheSchedulerDoesNotAnswer_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var server = await SchedulerServer.StartAsync("hub");
        var result = await RunAsync(folder, Key, "work", "--data", folder["data"], "--engine", "scheduler", "--scheduler", server.Endpoint.AbsoluteUri, "--task-hub", "hub", "--storage", Silent);
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task Work_Scheduler_DoesAJobInTwoProcesses()
    {
        using var folder = new TemporaryFolder();
        var hub = $"{NewHub()}-Hub";
        await using var server = await SchedulerServer.StartAsync(hub);
        var added = await EmuCommand.RunAsync("jobs", "add", "a duck", "--steps", "1", "--size", "128", "--picture", "--json", "--storage", azurite.Connection, "--task-hub", hub);
        Assert.True(added.ExitCode == 0, added.Errors);
        string[] place = ["--engine", "scheduler", "--scheduler", server.Endpoint.AbsoluteUri, "--task-hub", hub, "--storage", azurite.Connection, "--no-uploads"];
        using var models = EmuProcess.Start(folder.Path, Environment(Key), ["work", "--data", folder["models"], "--stages", "keyframe,animate,interpolate,upsample", .. place]);
        using var office = EmuProcess.Start(folder.Path, Environment(Key), ["serve", "--data", folder["office"], "--urls", "http://127.0.0.1:0", "--stages", "encode", .. place]);
        var id = JsonElement.Parse(added.Output).GetProperty("id").GetString()!;
        var watched = await EmuCommand.RunAsync("jobs", "watch", id, "--storage", azurite.Connection, "--task-hub", hub);
        Assert.True(watched.ExitCode == 0, $"{watched.Output}{models.Errors}{office.Errors}");
        Assert.Contains("stages: keyframe, animate, interpolate, upsample", models.Errors, StringComparison.Ordinal);
        foreach (var process in new[] { models, office })
        {
            process.Signal(15);
            Assert.Equal(0, (await process.WaitAsync()).ExitCode);
        }
    }

    [Fact]
    public async Task Keys_SharedHome_AreMadeListedAndRevokedThere()
    {
        using var folder = new TemporaryFolder();
        string[] place = ["--engine", "azure-storage", "--storage", azurite.Connection, "--task-hub", NewHub()];
        var created = await RunAsync(folder, Key, ["keys", "create", "--name", "laptop", .. place]);
        Assert.StartsWith("emu_", created.Output, StringComparison.Ordinal);
        var listed = await RunAsync(folder, Key, ["keys", "list", .. place]);
        var id = listed.Output.Split(' ')[0];
        Assert.Contains("laptop", listed.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(folder, Key, ["keys", "revoke", id, .. place])).ExitCode);

        var other = await RunAsync(folder, "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=", ["keys", "list", .. place]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("encrypted with another key", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Storage_SaysWhetherItAnswers()
    {
        var good = await EmuCommand.RunAsync("doctor", "--storage", azurite.Connection);
        Assert.Contains("blobs, queues and tables answer", good.Output, StringComparison.Ordinal);
        var bad = await EmuCommand.RunAsync("doctor", "--storage", Silent);
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("missing  storage", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Scheduler_SaysWhetherItAnswers()
    {
        await using var server = await SchedulerServer.StartAsync("my-hub");
        var good = await EmuCommand.RunAsync("doctor", "--scheduler", server.Endpoint.AbsoluteUri, "--task-hub", "my-hub", "--storage", azurite.Connection);
        Assert.Contains("ok       scheduler: 127.0.0.1 answers and knows the task hub 'my-hub'", good.Output, StringComparison.Ordinal);
        Assert.Contains("the container 'my-hub' is not there yet", good.Output, StringComparison.Ordinal);
        var other = await EmuCommand.RunAsync("doctor", "--scheduler", server.Endpoint.AbsoluteUri, "--task-hub", "other");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("missing  scheduler", other.Output, StringComparison.Ordinal);
        var silent = await EmuCommand.RunAsync("doctor", "--scheduler", "http://localhost:9", "--task-hub", "hub");
        Assert.Contains("missing  scheduler: The Durable Task Scheduler did not answer", silent.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await EmuCommand.RunAsync("doctor", "--scheduler", "http://localhost:9")).ExitCode);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string NewHub() => "t" + Guid.NewGuid().ToString("N")[..16];

    private static Dictionary<string, string?> Environment(string? key) => new() { ["EMU_SECRETS_KEY"] = key };

    private static Task<EmuResult> RunAsync(TemporaryFolder folder, string? key, params string[] arguments) =>
        EmuProcess.RunAsync(folder.Path, Environment(key), arguments);
}
