namespace Emu.Local.Tests.Commands;

public class HelpCommandTests
{
    [Fact]
    public async Task Emu_WithoutArguments_ShowsEveryCommand()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path);
        Assert.Equal(0, result.ExitCode);
        Assert.All(["generate", "image", "models", "doctor", "help"], name => Assert.Contains($"\n  {name} ", result.Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Help_OfASubcommand_ShowsItsUsage()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path, "help", "models", "verify");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("emu models verify [<dir>]", result.Output);
    }

    [Fact]
    public async Task Help_OfAnUnknownCommand_IsAUsageErrorThatNamesThoseThereAre()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path, "help", "genrate");
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
    [InlineData("models", "verify", "sticker", "extra")]
    public async Task Emu_WithWhatIsUnknown_IsAUsageErrorThatNamesIt(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path, arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(arguments[^1], result.Errors);
        Assert.Contains("--help", result.Errors);
    }
}
