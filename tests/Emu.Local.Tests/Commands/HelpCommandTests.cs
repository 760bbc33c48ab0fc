namespace Emu.Local.Tests.Commands;

public class HelpCommandTests
{
    [Fact]
    public async Task Emu_WithoutArguments_ShowsEveryCommand()
    {
        var result = await EmuCommand.RunAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.All(["generate", "image", "models", "doctor", "help"], name => Assert.Contains($"\n  {name} ", result.Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Help_OfASubcommand_ShowsItsUsage()
    {
        var result = await EmuCommand.RunAsync("help", "models", "verify");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("emu models verify [<dir>]", result.Output);
    }

    [Fact]
    public async Task Help_OfAnUnknownCommand_IsAUsageErrorThatNamesThoseThereAre()
    {
        var result = await EmuCommand.RunAsync("help", "genrate");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no command 'genrate'", result.Errors);
        Assert.Contains("generate", result.Errors);
    }

    [Fact]
    public async Task Version_IsTheProgramsOwn()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path, "--version");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("0.", result.Output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("models", "inspect", "--nonsense")]
    [InlineData("jobs", "add", "--nonsense")]
    [InlineData("jobs", "show", "--nonsense")]
    [InlineData("image", "--nonsense")]
    [InlineData("models", "verify", "sticker", "extra")]
    public async Task Emu_WithWhatIsUnknown_IsAUsageErrorThatNamesIt(params string[] arguments)
    {
        var result = await EmuCommand.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(arguments[^1], result.Errors);
        Assert.Contains("--help", result.Errors);
    }
}
