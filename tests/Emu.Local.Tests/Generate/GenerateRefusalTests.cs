namespace Emu.Local.Tests.Generate;

public class GenerateRefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing to make a video of", "generate")]
    [InlineData("nothing to make a video of", "generate", "  ")]
    [InlineData("'--colour'", "generate", "duck", "--colour", "red")]
    [InlineData("'--colour'", "generate", "--colour")]
    [InlineData(".mp4, .gif, .webp, .png", "generate", "duck", "--out", "$/duck.avi")]
    [InlineData("is a folder", "generate", "duck", "--out", "$/sub.mp4")]
    [InlineData("does not exist", "generate", "duck", "--out", "$/nowhere/duck.mp4")]
    [InlineData("from 1 to 1000", "generate", "duck", "--steps", "0")]
    [InlineData("from 1 to 1000", "generate", "duck", "--steps", "many")]
    [InlineData("from 0 to 100", "generate", "duck", "--guidance", "nan")]
    [InlineData("from 0 to 9007199254740991", "generate", "duck", "--seed", "-1")]
    [InlineData("ddim, ", "generate", "duck", "--noise-scheduler", "magic")]
    [InlineData("auto, cpu, cuda", "generate", "duck", "--device", "tpu")]
    [InlineData("auto and full", "generate", "duck", "--precision", "int4")]
    [InlineData("absent.png'", "generate", "--image", "$/absent.png")]
    [InlineData("no model package 'absent'", "generate", "duck", "--model", "absent")]
    [InlineData("makes 128x128, 256x256, 512x512 and 1024x1024, not 300x300", "generate", "duck", "--size", "300")]
    [InlineData("makes 128x128, 256x256, 512x512 and 1024x1024, not 300x300", "generate", "duck", "--size", "300x300")]
    [InlineData("are 4 seconds long, not 8", "generate", "duck", "--seconds", "8")]
    [InlineData("not trained for image guidance", "generate", "duck", "--image-guidance", "2")]
    [InlineData("flow-match-euler", "generate", "duck", "--noise-scheduler", "flow-match-euler")]
    [InlineData("0 to 30", "generate", "duck", "--guidance", "99")]
    [InlineData("--for was given 'line': accepted are telegram, whatsapp", "generate", "duck", "--for", "line")]
    [InlineData("--for telegram takes webm only", "generate", "duck", "--for", "telegram", "--out", "$/duck.gif")]
    [InlineData("--for slack takes png or jpeg only", "image", "duck", "--for", "slack", "--out", "$/duck.webp")]
    [InlineData("--size: The target 'telegram' says the size: 512x512.", "generate", "duck", "--for", "telegram", "--size", "256", "--out", "$/duck.webm")]
    [InlineData("from 1000 to", "generate", "duck", "--max-bytes", "10")]
    [InlineData("The prompt is empty", "image", " ")]
    [InlineData("English words, for example 'duck'", "image", "утка", "--out", "$/duck.png")]
    [InlineData("English words, for example 'duck'", "generate", "一只黄色的鸭子", "--out", "$/duck.mp4")]
    [InlineData(".png, .jpg", "image", "duck", "--out", "$/duck.mp4")]
    public async Task Command_WithWhatIsNotAccepted_IsAUsageErrorThatSaysWhatIs(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["sub.mp4"]);
        var result = await RunAsync(folder, arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(expected, result.Errors);
        Assert.Empty(folder.Files);
    }

    [Theory]
    [InlineData("generate", "duck", "--out", "$/duck.mp4")]
    [InlineData("work", "--drain", "--data", "$/data")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0", "--data", "$/data")]
    public async Task Command_OnADeviceThatIsNotHere_IsAUsageErrorThatNamesIt(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = await RunAsync(folder, [.. arguments, "--device", "cuda:7"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("cuda:7", result.Errors);
        Assert.DoesNotContain(folder.Files, file => file.EndsWith(".mp4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no picture at all", "Accepted: still PNG, JPEG, WebP, GIF and BMP.")]
    [InlineData("", "empty")]
    public async Task Generate_FromAFileThatIsNoPicture_FailsAndNamesIt(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["picture.png"], content, Token);
        var result = await EmuCommand.RunAsync("generate", "--image", folder["picture.png"], "--out", folder["x.mp4"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("picture.png", result.Errors);
        Assert.Contains(expected, result.Errors);
        Assert.Equal(["picture.png"], folder.Files);
    }

    [Fact]
    public async Task Image_ToANameThatIsTooLong_FailsBeforeTheFirstStepAndNamesTheOption()
    {
        using var folder = new TemporaryFolder();
        var name = new string('n', 300) + ".png";
        var result = await EmuCommand.RunAsync("image", "duck", "--out", folder["duck.png"], "--out", folder[name]);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal($"emu: --out '{folder[name]}' cannot be written: the name is too long.", result.Errors.Trim());
        Assert.Empty(folder.Files);
    }

    [Theory]
    [InlineData("--out", "duck.png")]
    [InlineData("--keep", "kept")]
    public async Task Image_ToAFolderThatMayNotBeWritten_FailsBeforeTheFirstStepAndNamesTheOption(string option, string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that even root cannot write.");
        using var folder = new TemporaryFolder();
        const string closed = "/proc/self";
        var result = await EmuCommand.RunAsync("image", "duck", "--out", folder["other.png"], option, Path.Combine(closed, name));
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"emu: {option} '{Path.Combine(closed, name)}' cannot be written: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", result.Errors, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public async Task Generate_WithADamagedModel_FailsAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        StickerPackage.CopyTo(folder["package"]);
        var path = Path.Combine(folder["package"], "unet", "clip.onnx");
        await using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        var result = await EmuCommand.RunAsync("generate", "duck", "--model", folder["package"], "--out", folder["x.mp4"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(Path.Combine("unet", "clip.onnx"), result.Errors);
        Assert.False(File.Exists(folder["x.mp4"]));
    }

    [Fact]
    public async Task Generate_WithoutFfmpeg_FailsAtOnceAndNamesTheCommandThatInstallsIt()
    {
        using var folder = new TemporaryFolder();
        var dotnet = Path.GetDirectoryName(EmuProcess.Dotnet)!;
        var result = await EmuProcess.RunAsync(folder.Path, new Dictionary<string, string?> { ["PATH"] = folder.Path, ["DOTNET_ROOT"] = dotnet }, "generate", "duck", "--out", "x.mp4");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("ffmpeg", result.Errors);
        Assert.Contains("install", result.Errors);
        Assert.DoesNotContain("keyframe", result.Errors);
    }

    /// <summary>Runs a command; in an argument that is a path, <c>$</c> stands for the test's own folder.</summary>
    private static Task<EmuResult> RunAsync(TemporaryFolder folder, string[] arguments) =>
        EmuCommand.RunAsync([.. arguments.Select(argument => argument.StartsWith("$/", StringComparison.Ordinal) ? folder[argument[2..]] : argument)]);
}
