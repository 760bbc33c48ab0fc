using System.Buffers.Binary;
using System.Text;
using Emu.Media.Pictures;
using Emu.Media.Video;

namespace Emu.Local.Tests.Generate;

public class GeneratedVideoTests(GeneratedDuck duck) : IClassFixture<GeneratedDuck>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Generate_ToSeveralFormats_SucceedsAndDescribesThemInOneJsonObject()
    {
        Assert.True(duck.Result.ExitCode == 0, duck.Result.Errors);
        Assert.Single(duck.Result.Output.TrimEnd().Split('\n'));
        Assert.Equal(7, duck.Json.GetProperty("seed").GetInt64());
        Assert.Equal("cpu", duck.Json.GetProperty("device").GetString());
        Assert.Contains(duck.Json.GetProperty("precision").GetString(), new[] { "int8", "full" });
        Assert.Equal(["mp4", "gif", "webp", "apng", "webm"], duck.Json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("format").GetString()));
        var seconds = duck.Json.GetProperty("seconds");
        Assert.All(["setup", "keyframe", "animate", "interpolate", "upsample", "encode", "total"], stage => Assert.True(seconds.GetProperty(stage).GetDouble() >= 0));
    }

    [Theory]
    [InlineData("duck.mp4", "h264", "yuv420p")]
    [InlineData("duck.gif", "gif", "bgra")]
    [InlineData("duck.png", "apng", "rgba")]
    [InlineData("duck.webm", "vp9", "yuv420p")]
    public async Task Generate_ToAFormatThatFfprobeReads_Plays64FramesInFourSeconds(string file, string codec, string pixels)
    {
        var stream = await Ffprobe.ReadAsync(duck[file]);
        Assert.Equal(codec, stream.Codec);
        Assert.Equal(pixels, stream.Pixels);
        Assert.Equal((512, 512), (stream.Width, stream.Height));
        Assert.Equal(64, stream.Frames);
        Assert.Equal(4.0, stream.Seconds, 0.05);
    }

    [Fact]
    public async Task Generate_ToWebP_PlaysFourSecondsForEver()
    {
        var file = await File.ReadAllBytesAsync(duck["duck.webp"], Token);
        var (loops, milliseconds) = AnimatedWebP.Read(file);
        Assert.Equal(0, loops);
        Assert.InRange(milliseconds, 3950, 4050);
    }

    [Fact]
    public async Task Generate_ToMp4_PutsTheIndexFirst()
    {
        var file = await File.ReadAllBytesAsync(duck["duck.mp4"], Token);
        var boxes = new List<string>();
        for (long at = 0; at < file.Length; at += BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at)))
        {
            boxes.Add(Encoding.ASCII.GetString(file, (int)at + 4, 4));
        }

        Assert.True(boxes.IndexOf("moov") < boxes.IndexOf("mdat"), string.Join(' ', boxes));
    }

    [Fact]
    public async Task Generate_AsALoop_RunsOnIntoItsFirstFrameAsItRunsFromFrameToFrame()
    {
        var frames = await FramesAsync("duck.png", VideoFormat.Apng);
        var steps = frames.Zip(frames.Skip(1), Difference).ToArray();
        Assert.True(steps.Max() > 0.05, $"Nothing moves: the largest change from frame to frame is {steps.Max():0.000} of 255.");
        Assert.InRange(Difference(frames[^1], frames[0]), 0, 2 * steps.Max());
    }

    [Fact]
    public async Task Generate_WithABackgroundInThePrompt_ShowsSomethingOnBlue()
    {
        var frame = (await FramesAsync("duck.mp4", VideoFormat.Mp4))[0];
        var corner = frame[8, 500];
        var middle = frame[256, 300];
        Assert.True(corner.Blue > corner.Red + 40, $"The ground is {corner}.");
        Assert.NotInRange(Math.Abs(middle.Red - corner.Red) + Math.Abs(middle.Green - corner.Green) + Math.Abs(middle.Blue - corner.Blue), 0, 60);
    }

    [Fact]
    public void Generate_WithKeep_LeavesEveryStagesArtifacts()
    {
        string[] expected = ["keyframe/keyframe.png", "keyframe/keyframe.safetensors", "animate/clip.safetensors", "interpolate/frames.safetensors", "upsample.0/frames.mkv", "encode/video.mp4", "job.json"];
        Assert.All(expected, file => Assert.True(new FileInfo(Path.Combine(duck.Kept, file)) is { Exists: true, Length: > 0 }, file));
    }

    [Fact]
    public void Generate_Done_LeavesNothingInTheTemporaryFolder() => Assert.Empty(TemporaryFiles.Of(duck.Temporary));

    [Fact]
    public void Generate_TransparentToMp4_WarnsThatItsGroundIsWhite() => Assert.Contains("duck.mp4", duck.Json.GetProperty("warnings")[0].GetString());

    private static double Difference(Picture first, Picture second)
    {
        long sum = 0;
        for (var index = 0; index < first.Samples.Length; index++)
        {
            sum += Math.Abs(first.Samples[index] - second.Samples[index]);
        }

        return (double)sum / first.Samples.Length;
    }

    private async Task<List<Picture>> FramesAsync(string file, VideoFormat format)
    {
        await using var stream = File.OpenRead(duck[file]);
        return await new VideoFrameReader().ReadAsync(stream, format, Token).ToListAsync(Token);
    }
}
