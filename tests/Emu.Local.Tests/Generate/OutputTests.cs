using System.Text.Json;

namespace Emu.Local.Tests.Generate;

public class OutputTests
{
    private static readonly string[] Small = ["--seed", "1", "--steps", "1", "--size", "128"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_WithoutOut_ReplacesNothing()
    {
        using var folder = new TemporaryFolder();
        var beginning = string.Join(' ', Enumerable.Repeat("duck", 20));
        foreach (var prompt in new[] { $"{beginning} on a hill", $"{beginning} on a lake", "a duck!", "a duck", "a duck" })
        {
            var result = await EmuProcess.RunAsync(folder.Path, ["image", prompt, .. Small]);
            Assert.True(result.ExitCode == 0, result.Errors);
            Assert.Contains(result.Output.Split(": ")[0], folder.Files);
        }

        var shortened = "duck-duck-duck-duck-duck-duck-duck-duck-duck-duck-duck-duck-1";
        Assert.Equal(["a-duck-1.png", "a-duck-1_2.png", "a-duck-1_3.png", $"{shortened}.png", $"{shortened}_2.png"], folder.Files);
    }

    [Fact]
    public async Task Image_WithOut_ReplacesTheFileOfThatName()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["duck.png"], "of an earlier run", Token);
        var result = await EmuCommand.RunAsync(["image", "duck", .. Small, "--out", folder["duck.png"]]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(["duck.png"], folder.Files);
        Assert.True(new FileInfo(folder["duck.png"]).Length > 1000);
    }

    [Fact]
    public async Task Image_AfterTwoHyphens_TakesAPromptThatBeginsWithOne()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuCommand.RunAsync(["image", .. Small, "--out", folder["duck.png"], "--json", "--", "-a duck"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("-a duck", JsonElement.Parse(result.Output).GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task Image_WhenOneFileCanNoLongerBeWritten_WritesTheOthersAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        var gone = Directory.CreateDirectory(folder["gone"]).FullName;
        using var process = EmuProcess.Start(folder.Path, "image", "duck", "--seed", "1", "--steps", "300", "--size", "128", "--json", "--out", "gone/first.png", "--out", "second.png", "--out", "third.jpg");
        await process.WaitForErrorsAsync("keyframe");
        Directory.Delete(gone, recursive: true);

        var result = await process.WaitAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["second.png", "third.jpg"], folder.Files);
        var json = JsonElement.Parse(result.Output);
        Assert.Equal(["second.png", "third.jpg"], json.GetProperty("outputs").EnumerateArray().Select(output => Path.GetFileName(output.GetProperty("path").GetString())));
        var problem = Assert.Single(json.GetProperty("problems").EnumerateArray()).GetString()!;
        Assert.StartsWith($"--out '{Path.Combine(gone, "first.png")}' cannot be written: ", problem, StringComparison.Ordinal);
        Assert.EndsWith($"emu: {problem}", result.Errors.TrimEnd(), StringComparison.Ordinal);
    }
}
