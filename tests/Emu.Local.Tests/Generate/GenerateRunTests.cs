using System.Text.Json;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Local.Tests.Generate;

public class GenerateRunTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_TwiceWithTheSameSeed_GivesTheSameLatentsByteForByte()
    {
        using var folder = new TemporaryFolder();
        foreach (var (keep, seed) in new[] { ("first", "11"), ("again", "11"), ("other", "12") })
        {
            var result = await EmuCommand.RunAsync("generate", "a ghost", "--seed", seed, "--steps", "2", "--size", "128", "--out", folder[$"{keep}.mp4"], "--keep", folder[keep]);
            Assert.True(result.ExitCode == 0, result.Errors);
        }

        Assert.Equal(await ClipAsync("first"), await ClipAsync("again"));
        Assert.NotEqual(await ClipAsync("first"), await ClipAsync("other"));
        Assert.Equal(await File.ReadAllBytesAsync(folder["first.mp4"], Token), await File.ReadAllBytesAsync(folder["again.mp4"], Token));

        Task<byte[]> ClipAsync(string keep) => File.ReadAllBytesAsync(Path.Combine(folder[keep], "animate", "clip.safetensors"), Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a red ball")]
    public async Task Generate_FromAPicture_AnimatesThatPicture(string prompt)
    {
        using var folder = new TemporaryFolder();
        await WriteBallAsync(folder["ball.png"]);
        string[] text = prompt.Length == 0 ? [] : [prompt];
        var result = await EmuCommand.RunAsync(["generate", .. text, "--image", folder["ball.png"], "--seed", "1", "--steps", "2", "--size", "128", "--transparent", "--out", folder["ball.webp"], "--keep", folder["kept"]]);
        Assert.True(result.ExitCode == 0, result.Errors);
        var keyframe = await new PictureReader().ReadAsync(Path.Combine(folder["kept"], "keyframe", "keyframe.png"), Token);
        var (middle, corner) = (keyframe[64, 64], keyframe[2, 2]);
        Assert.True(middle.Red > 150 && middle.Green < 110 && middle.Alpha > 200, $"The middle of the keyframe is {middle}.");
        Assert.True(corner.Alpha < 60, $"The corner of the keyframe is {corner}.");
    }

    [Fact]
    public async Task Generate_WithWordsTheModelDoesNotKnow_NamesThemInAWarning()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuCommand.RunAsync("image", "a xylograph duck", "--steps", "1", "--size", "128", "--out", folder["duck.png"], "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        const string warning = "The model does not know 'xylograph': it has no effect.";
        Assert.Single(result.Errors.Split('\n'), line => line.TrimEnd() == $"warning: {warning}");
        Assert.Equal(warning, Assert.Single(JsonDocument.Parse(result.Output).RootElement.GetProperty("warnings").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Image_OfAnEmoji_IsTheImageOfItsName()
    {
        using var folder = new TemporaryFolder();
        foreach (var (prompt, name) in new[] { ("a 🦆 on blue", "emoji.png"), ("a duck on blue", "name.png") })
        {
            var result = await EmuCommand.RunAsync("image", prompt, "--seed", "1", "--steps", "1", "--size", "128", "--out", folder[name]);
            Assert.True(result.ExitCode == 0, result.Errors);
            Assert.DoesNotContain("warning", result.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(await File.ReadAllBytesAsync(folder["name.png"], Token), await File.ReadAllBytesAsync(folder["emoji.png"], Token));
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Generate_Interrupted_Ends130AndLeavesWhatWasThere(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var folder = new TemporaryFolder();
        var temporary = Directory.CreateDirectory(folder["tmp"]).FullName;
        await File.WriteAllTextAsync(folder["duck.mp4"], "of an earlier run", Token);
        using var process = EmuProcess.Start(folder.Path, new Dictionary<string, string?> { ["TMPDIR"] = temporary }, "generate", "a duck", "--steps", "500", "--out", "duck.mp4");
        await process.WaitForErrorsAsync("keyframe");
        process.Signal(signal);
        var result = await process.WaitAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("cancelled", result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal("of an earlier run", await File.ReadAllTextAsync(folder["duck.mp4"], Token));
        Assert.Equal(["duck.mp4"], folder.Files.Where(file => !file.StartsWith("tmp", StringComparison.Ordinal)));
        Assert.Empty(TemporaryFiles.Of(temporary));
    }

    [Fact]
    public async Task Image_FromText_WritesThePictureAlone()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuCommand.RunAsync("image", "red apple", "--seed", "3", "--steps", "4", "--transparent", "--out", folder["apple.png"], "--out", folder["apple.jpg"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(["apple.jpg", "apple.png"], folder.Files);
        var picture = await new PictureReader().ReadAsync(folder["apple.png"], Token);
        Assert.Equal((512, 512), (picture.Width, picture.Height));
        Assert.True(picture.HasTransparency);
        Assert.Contains("apple.jpg: this format has no transparency", result.Errors);
    }

    /// <summary>A red disc on transparent ground.</summary>
    private static Task WriteBallAsync(string path)
    {
        var ball = Picture.Create(200, 200, 0, static (samples, _) =>
        {
            for (var pixel = 0; pixel < samples.Length / 4; pixel++)
            {
                var (y, x) = Math.DivRem(pixel, 200);
                if (((x - 100) * (x - 100)) + ((y - 100) * (y - 100)) < 80 * 80)
                {
                    (samples[pixel * 4], samples[(pixel * 4) + 1], samples[(pixel * 4) + 2], samples[(pixel * 4) + 3]) = (220, 40, 40, 255);
                }
            }
        });
        return new PictureWriter().WriteAsync(ball, path, cancellationToken: Token);
    }
}
