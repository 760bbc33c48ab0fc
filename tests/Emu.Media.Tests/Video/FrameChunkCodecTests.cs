using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Tests.Video;

public sealed class FrameChunkCodecTests : IDisposable
{
    private readonly FrameChunkCodec _codec = new();
    private readonly TemporaryFolder _folder = new();

    public FrameChunkCodecTests() => Ffmpeg.SkipIfMissing();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, 64, 12)]
    [InlineData(33, 17, 3)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 40, 2)]
    [InlineData(31, 2, 2)]
    [InlineData(32, 32, 2)]
    [InlineData(512, 512, 8)]
    public async Task ReadAsync_OfWriteAsync_IsBitIdenticalAlsoUnderAlphaZero(int width, int height, int count)
    {
        var frames = Enumerable.Range(0, count).Select(i => Frames.Noise(width, height, i)).ToArray();

        using var chunk = new MemoryStream(await WriteAsync(frames));
        var read = await _codec.ReadAsync(chunk, count, TestContext.Current.CancellationToken).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(count, read.Length);
        Assert.All(read.Zip(frames), pair => Assert.True(pair.First.Samples.SequenceEqual(pair.Second.Samples)));
        Assert.All(read, frame => Assert.Equal((width, height), (frame.Width, frame.Height)));
    }

    [Fact]
    public async Task WriteAsync_IsFfv1WithAlphaInMatroska()
    {
        var path = _folder.File("chunk.mkv");
        await File.WriteAllBytesAsync(path, await WriteAsync([.. Frames.Loop(32, 32, 4)]), TestContext.Current.CancellationToken);

        Assert.Equal("ffv1", await Ffmpeg.StreamAsync(path, "codec_name"));
        Assert.Equal("bgra", await Ffmpeg.StreamAsync(path, "pix_fmt"));
    }

    [Fact]
    public async Task WriteAsync_SameFrames_GiveTheSameBytes()
    {
        var frames = Frames.Loop(64, 48, 8).ToArray();

        Assert.Equal(await WriteAsync(frames), await WriteAsync(frames));
    }

    [Fact]
    public async Task ReadAsync_SlowReader_GetsEveryFrame()
    {
        var frames = Frames.Loop(128, 128, 10).ToArray();
        using var chunk = new MemoryStream(await WriteAsync(frames));
        var count = 0;

        await foreach (var frame in _codec.ReadAsync(chunk, null, TestContext.Current.CancellationToken))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.True(frame.Samples.SequenceEqual(frames[count++].Samples));
        }

        Assert.Equal(10, count);
    }

    [Fact]
    public async Task ReadAsync_StoppedEarly_EndsFfmpeg()
    {
        using var chunk = new MemoryStream(await WriteAsync([.. Frames.Loop(256, 256, 20)]));

        await foreach (var frame in _codec.ReadAsync(chunk, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(256, frame.Width);
            break;
        }
    }

    [Fact]
    public async Task ReadAsync_FlippedByte_IsNoticed()
    {
        var chunk = await WriteAsync([.. Enumerable.Range(0, 4).Select(i => Frames.Noise(64, 64, i))]);
        chunk[chunk.Length / 2] ^= 0x10;
        using var stream = new MemoryStream(chunk);

        await Assert.ThrowsAsync<FfmpegException>(async () => await _codec.ReadAsync(stream).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ReadAsync_CutShort_IsNoticed()
    {
        var chunk = await WriteAsync([.. Enumerable.Range(0, 4).Select(i => Frames.Noise(64, 64, i))]);
        using var stream = new MemoryStream(chunk, 0, chunk.Length / 2);

        var exception = await Record.ExceptionAsync(async () => await _codec.ReadAsync(stream, 4).CountAsync(TestContext.Current.CancellationToken));

        Assert.True(exception is FfmpegException or FrameSequenceException, exception?.ToString());
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '/etc/passwd'\n")]
    [InlineData("")]
    public async Task ReadAsync_NotAChunk_IsRefused(string content)
    {
        using var stream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(content));

        await Assert.ThrowsAsync<FfmpegException>(async () => await _codec.ReadAsync(stream).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ReadAsync_AnotherNumberOfFrames_IsRefused()
    {
        using var chunk = new MemoryStream(await WriteAsync([.. Frames.Loop(16, 16, 4)]));

        await Assert.ThrowsAsync<FrameSequenceException>(async () => await _codec.ReadAsync(chunk, 3).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WriteAsync_DestinationFails_ThrowsItsError()
    {
        await using var full = new FullStream();

        var exception = await Assert.ThrowsAsync<IOException>(() => _codec.WriteAsync(Frames.Endless(Frames.Noise(64, 64, 1)), 16, full));

        Assert.Equal("the disk is full", exception.Message);
    }

    [Fact]
    public async Task ReadAsync_SourceFails_ThrowsItsError()
    {
        await using var broken = new FullStream();

        var exception = await Assert.ThrowsAsync<IOException>(async () => await _codec.ReadAsync(broken).CountAsync(TestContext.Current.CancellationToken));

        Assert.Equal("the connection is lost", exception.Message);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource(200);
        using var destination = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _codec.WriteAsync(Frames.Endless(Frames.Noise(64, 64, 1)), 16, destination, null, cancellation.Token));
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        using var chunk = new MemoryStream(await WriteAsync([.. Frames.Loop(64, 64, 20)]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _codec.ReadAsync(chunk, null, cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });
    }

    private async Task<byte[]> WriteAsync(Picture[] frames)
    {
        using var destination = new MemoryStream();
        Assert.Equal(frames.Length, await _codec.WriteAsync(frames.ToAsyncEnumerable(), 16, destination, frames.Length, TestContext.Current.CancellationToken));
        return destination.ToArray();
    }

    /// <summary>Takes a little, then fails; cannot be read either.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length > 10_000 ? throw new IOException("the disk is full") : base.WriteAsync(buffer, cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("the connection is lost");
    }
}
