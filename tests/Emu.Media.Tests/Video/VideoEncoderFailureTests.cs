using System.Diagnostics;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Tests.Video;

public sealed class VideoEncoderFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VideoEncoder _encoder = new();

    public VideoEncoderFailureTests() => Ffmpeg.SkipIfMissing();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.Apng)]
    public async Task EncodeAsync_Cancelled_LeavesNoFileAndNoProcess(VideoFormat format)
    {
        using var cancellation = new CancellationTokenSource();
        var path = _folder.File("cancelled" + format.Extension());
        var written = new Canceller(cancellation, after: 20);

        var encoding = _encoder.EncodeAsync(Frames.Endless(Frames.Disc(64, 64, 0, 1)), new() { Format = format }, path, written, cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoding);
        Assert.Empty(_folder.Names());
        Assert.Empty(ProcessesIn(_folder.Path));
    }

    [Fact]
    public async Task EncodeAsync_CancelledWhileFramesHang_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        static async IAsyncEnumerable<Picture> Hanging([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
        {
            yield return Frames.Disc(16, 16, 0, 1);
            await Task.Delay(Timeout.Infinite, token);
        }

        var encoding = _encoder.EncodeAsync(Hanging(), new() { Format = VideoFormat.Mp4 }, _folder.File("a.mp4"), new Canceller(cancellation, after: 1), cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoding);
        Assert.Empty(_folder.Names());
        Assert.Empty(ProcessesIn(_folder.Path));
    }

    [Fact]
    public async Task EncodeAsync_AlreadyCancelled_Throws()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _encoder.EncodeAsync(Frames.Loop(16, 16, 4), new() { Format = VideoFormat.Mp4 }, _folder.File("a.mp4"), null, new CancellationToken(canceled: true)));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_FramesFail_ThrowsTheirErrorAndLeavesNothing()
    {
        static IEnumerable<Picture> Failing()
        {
            yield return Frames.Disc(32, 32, 0, 1);
            throw new InvalidOperationException("the decoder broke");
        }
        await File.WriteAllTextAsync(_folder.File("old.mp4"), "old", TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _encoder.EncodeAsync(Failing(), new() { Format = VideoFormat.Mp4 }, _folder.File("old.mp4")));

        Assert.Equal("the decoder broke", exception.Message);
        Assert.Equal(["old.mp4"], _folder.Names());
        Assert.Equal("old", await File.ReadAllTextAsync(_folder.File("old.mp4"), TestContext.Current.CancellationToken));
        Assert.Empty(ProcessesIn(_folder.Path));
    }

    [Fact]
    public async Task EncodeAsync_NoFrames_IsRefused()
    {
        await Assert.ThrowsAsync<FrameSequenceException>(() => _encoder.EncodeAsync([], new() { Format = VideoFormat.Mp4 }, _folder.File("a.mp4")));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_FrameOfAnotherSize_IsNamed()
    {
        Picture[] frames = [Frames.Disc(16, 16, 0, 1), Frames.Disc(16, 16, 0, 1), Frames.Disc(16, 18, 0, 1)];

        var exception = await Assert.ThrowsAsync<FrameSequenceException>(() => _encoder.EncodeAsync(frames, new() { Format = VideoFormat.Mp4 }, _folder.File("a.mp4")));

        Assert.Equal("Frame 2 (from 0) is 16x18; the first is 16x16.", exception.Message);
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData(3, "4 frames were announced; 3 came.")]
    [InlineData(5, "4 frames were announced; more came.")]
    public async Task EncodeAsync_AnotherNumberOfFrames_IsRefused(int count, string message)
    {
        var exception = await Assert.ThrowsAsync<FrameSequenceException>(() =>
            _encoder.EncodeAsync(Frames.Loop(16, 16, count), new() { Format = VideoFormat.Mp4, FrameCount = 4 }, _folder.File("a.mp4")));

        Assert.Equal(message, exception.Message);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_NoFfmpeg_SaysHowToInstallIt()
    {
        var missing = new VideoEncoder(new FfmpegOptions { BinaryFolder = _folder.Path });

        var exception = await Assert.ThrowsAsync<FfmpegMissingException>(() => missing.EncodeAsync(Frames.Loop(16, 16, 2), new() { Format = VideoFormat.Mp4 }, _folder.File("a.mp4")));

        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(FfmpegInstallation.InstallCommand, exception.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_FfmpegFails_SaysWhatItSaid()
    {
        // A WebP cannot be wider than 16,383 pixels.
        var exception = await Assert.ThrowsAsync<FfmpegException>(() =>
            _encoder.EncodeAsync(Enumerable.Repeat(Picture.Filled(16_400, 2, PictureColor.White), 8), new() { Format = VideoFormat.WebP }, _folder.File("a.webp")));

        Assert.NotEqual(0, exception.ExitCode);
        Assert.NotEmpty(exception.Lines);
        Assert.Contains(exception.Lines[^1], exception.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_FolderMissing_IsNamed()
    {
        var exception = await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            _encoder.EncodeAsync(Frames.Loop(16, 16, 2), new() { Format = VideoFormat.Mp4 }, _folder.File("none/a.mp4")));

        Assert.Contains("none", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>ffmpeg runs in the destination's folder, which tells ours from others.</summary>
    private static string[] ProcessesIn(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }
        return [.. Process.GetProcessesByName("ffmpeg").Where(process => new FileInfo($"/proc/{process.Id}/cwd").LinkTarget == path).Select(process => process.ProcessName)];
    }

    private sealed class Canceller(CancellationTokenSource cancellation, int after) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == after)
            {
                cancellation.CancelAfter(1);
            }
        }
    }
}
