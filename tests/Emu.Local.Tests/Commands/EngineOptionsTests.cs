using Emu.Conformance.Azurite;

namespace Emu.Local.Tests.Commands;

/// <summary>Bad input to the options that name an engine: one clear line, and nothing is made.</summary>
public sealed class EngineOptionsTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string Closed = "http://127.0.0.1:9/devstoreaccount1";
    private const string Silent = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint={Closed};QueueEndpoint={Closed};TableEndpoint={Closed};";

    [Theory]
    [InlineData("--engine was given 'redis'; embedded and azure-storage are accepted.", "--engine", "redis")]
    [InlineData("--engine azure-storage needs --storage", "--engine", "azure-storage")]
    [InlineData("The storage is neither a connection string", "--engine", "azure-storage", "--storage", "nonsense")]
    [InlineData("'my hub' is no name of a task hub", "--engine", "azure-storage", "--storage", Silent, "--task-hub", "my hub")]
    [InlineData("--stages was given 'paint'; accepted are keyframe", "--engine", "azure-storage", "--storage", Silent, "--stages", "paint")]
    [InlineData("--stages needs --engine azure-storage", "--stages", "keyframe")]
    [InlineData("--task-hub needs --engine azure-storage", "--task-hub", "other")]
    public async Task Work_OptionThatIsNone_SaysWhatIsAccepted(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var result = await EmuCommand.RunAsync(["work", "--data", data, .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
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
    public async Task Keys_SharedHome_AreMadeListedAndRevokedThere()
    {
        using var folder = new TemporaryFolder();
        string[] place = ["--engine", "azure-storage", "--storage", azurite.Connection, "--task-hub", "t" + Guid.NewGuid().ToString("N")[..16]];
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

    private static Task<EmuResult> RunAsync(TemporaryFolder folder, string? key, params string[] arguments) =>
        EmuProcess.RunAsync(folder.Path, new Dictionary<string, string?> { ["EMU_SECRETS_KEY"] = key }, arguments);
}
