using System.Text.Json;

namespace Emu.Local.Tests.Commands;

public sealed class JobsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_FileWithOptions_UsesThemAsDefaultsOfEveryLine()
    {
        await WriteAsync("""{"prompt": "a duck"}""", "", """{"prompt": "a cat", "seed": 3, "steps": 2, "formats": ["gif"]}""");

        var jobs = await AddAsync("--seed", "7", "--steps", "5", "--format", "webp", "--format", "mp4", "--size", "128");

        Assert.Equal([("a duck", 7, 5, "webp mp4", "128x128"), ("a cat", 3, 2, "gif", "128x128")], jobs.Select(Describe));
    }

    [Fact]
    public async Task Add_FileWithPicture_MakesPicturesUnlessALineSaysOtherwise()
    {
        await WriteAsync("""{"prompt": "a duck"}""", """{"prompt": "a cat", "kind": "video"}""");

        var jobs = await AddAsync("--picture");

        Assert.Equal(["image", "video"], jobs.Select(job => job.GetProperty("request").GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("""{"prompt": "a duck", "colour": "red"}""", "'colour'")]
    [InlineData("""{"prompt": "a duck", "seed": -1}""", "from 0 to 9007199254740991")]
    [InlineData("""{"prompt": "a duck", "seconds": 4, "kind": "image"}""", "'seconds'")]
    [InlineData("""{"prompt": "a duck", "size": "300x300"}""", "128x128")]
    [InlineData("""{"prompt": "a duck", "image": "absent.png"}""", "absent.png")]
    [InlineData("""["a duck"]""", "not an object in braces")]
    [InlineData("""{"prompt": "утка"}""", "English words, for example 'duck'")]
    [InlineData("a duck", "JSON")]
    public async Task Add_FileWithAWrongLine_NamesTheLineAndQueuesNothing(string line, string expected)
    {
        await WriteAsync("""{"prompt": "a duck"}""", line);

        var result = await EmuCommand.RunAsync("jobs", "add", "--file", _folder["jobs.jsonl"], "--data", _folder["data"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("line 2: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.Empty((await EmuCommand.RunAsync("jobs", "list", "--data", _folder["data"])).Output);
    }

    [Fact]
    public async Task Add_PictureWithASettingOfVideos_IsAUsageError()
    {
        var result = await EmuCommand.RunAsync("jobs", "add", "a duck", "--picture", "--seconds", "4", "--data", _folder["data"]);

        Assert.Equal((2, true), (result.ExitCode, result.Errors.Contains("--seconds is for videos only", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "video_0197a5f0c3d07f3a8c7e000000000000")]
    [InlineData("cancel", "video_0197a5f0c3d07f3a8c7e000000000000")]
    [InlineData("watch", "video_0197a5f0c3d07f3a8c7e000000000000")]
    [InlineData("add", "a duck")]
    public async Task Jobs_OnDataOfANewerProgram_SaySoAndChangeNothing(params string[] arguments)
    {
        var store = Directory.CreateDirectory(Path.Combine(_folder["data"], "store")).FullName;
        await File.WriteAllTextAsync(Path.Combine(store, "store.json"), """{"version":99}""", TestContext.Current.CancellationToken);

        var result = await EmuCommand.RunAsync(["jobs", .. arguments, "--data", _folder["data"]]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("version 99", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(store, "jobs")));
    }

    [Theory]
    [InlineData("show", "nosuch")]
    [InlineData("cancel", "nosuch")]
    [InlineData("watch", "nosuch")]
    [InlineData("show", "")]
    [InlineData("watch", "../../etc")]
    [InlineData("cancel", "video_0197a5f0c3d07f3a8c7e000000000000")]
    public async Task Command_OnAnUnknownJob_SaysSoInOneSentence(string command, string id)
    {
        Directory.CreateDirectory(Path.Combine(_folder["data"], "store"));

        var result = await EmuCommand.RunAsync("jobs", command, id, "--data", _folder["data"]);

        Assert.Equal((1, $"emu: There is no job '{id}'."), (result.ExitCode, result.Errors.Trim()));
    }

    [Theory]
    [InlineData("jobs", "list")]
    [InlineData("jobs", "show", "nosuch")]
    [InlineData("jobs", "cancel", "nosuch")]
    [InlineData("jobs", "watch", "nosuch")]
    [InlineData("keys", "list")]
    [InlineData("keys", "revoke", "nosuch")]
    public async Task Command_OnADataFolderThatIsNotThere_SaysSoAndMakesNone(params string[] arguments)
    {
        var result = await EmuCommand.RunAsync([.. arguments, "--data", _folder["typo"]]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"emu: --data: there is no data folder '{_folder["typo"]}'.", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["typo"]));
    }

    [Theory]
    [InlineData("jobs", "list")]
    [InlineData("work", "--drain")]
    public async Task Command_OnAStorageThatIsNone_IsAUsageError(params string[] arguments)
    {
        var result = await EmuCommand.RunAsync([.. arguments, "--storage", "nonsense", "--data", _folder["data"]]);

        Assert.Equal((2, "emu: --storage: The storage is neither a connection string nor an https address of a blob account."), (result.ExitCode, result.Errors.Trim()));
    }

    [Fact]
    public async Task Add_WordsThatTheModelDoesNotKnow_AreNamedInAWarning()
    {
        var result = await EmuCommand.RunAsync("jobs", "add", "a xylograph duck", "--data", _folder["data"], "--json");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("emu: The model does not know 'xylograph': it has no effect.", result.Errors.Trim());
        Assert.Contains("'xylograph'", JsonElement.Parse(result.Output).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_AfterTwoHyphens_TakesAnythingAsThePrompt()
    {
        var result = await EmuCommand.RunAsync("jobs", "add", "--data", _folder["data"], "--json", "--", "-a duck");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("-a duck", JsonElement.Parse(result.Output).GetProperty("request").GetProperty("prompt").GetString());
    }

    private static (string?, long, int, string, string?) Describe(JsonElement job)
    {
        var request = job.GetProperty("request");
        return (
            request.GetProperty("prompt").GetString(),
            request.GetProperty("seed").GetInt64(),
            request.GetProperty("steps").GetInt32(),
            string.Join(' ', request.GetProperty("formats").EnumerateArray().Select(format => format.GetString())),
            request.GetProperty("size").GetString());
    }

    private Task WriteAsync(params string[] lines) => File.WriteAllLinesAsync(_folder["jobs.jsonl"], lines, TestContext.Current.CancellationToken);

    private async Task<List<JsonElement>> AddAsync(params string[] options)
    {
        var result = await EmuCommand.RunAsync(["jobs", "add", "--file", _folder["jobs.jsonl"], "--data", _folder["data"], "--json", .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
