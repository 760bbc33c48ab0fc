using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipes;
using Emu.Media.Pictures;
using FFMpegCore;
using FFMpegCore.Arguments;
using FFMpegCore.Pipes;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>Writes frames as raw video. A failure of the frames themselves is kept apart from one of the pipe and stops ffmpeg.</summary>
/// <param name="frames">The frames, moved to the first.</param>
/// <param name="first">The first frame; the others must have its size.</param>
/// <param name="framesPerSecond">Frames a second.</param>
/// <param name="background">The ground that frames are flattened on, or null to keep alpha.</param>
/// <param name="expectedCount">How many frames there must be, or null.</param>
/// <param name="progress">Told how many frames were written.</param>
/// <param name="stopFrames">Cancelled when ffmpeg has ended and no more frames are wanted.</param>
/// <param name="abort">Cancelled when the frames fail, which kills ffmpeg.</param>
internal sealed class FramePipeSource(
    IAsyncEnumerator<Picture> frames,
    Picture first,
    double framesPerSecond,
    PictureColor? background,
    int? expectedCount,
    IProgress<int>? progress,
    CancellationTokenSource stopFrames,
    CancellationTokenSource abort) : IPipeSource
{
    /// <summary>
    /// Smaller frames are gathered. ffmpeg (5.1) looks for an ID3 tag in the first ten bytes of any input and, when those come
    /// in pieces, now and then does not give them back: frames of one or two pixels would be shifted and lost.
    /// </summary>
    private const int SmallestWrite = 4096;

    /// <summary>Frames written so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every frame was written.</summary>
    public bool Completed { get; private set; }

    /// <summary>What went wrong with the frames, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public string GetStreamArguments() => string.Create(
        CultureInfo.InvariantCulture,
        $"-f rawvideo -pixel_format rgba -video_size {first.Width}x{first.Height} -framerate {framesPerSecond:R}");

    /// <inheritdoc/>
    public async Task WriteAsync(Stream outputStream, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(stopFrames.Cancel);
        var buffered = new BufferedStream(outputStream, SmallestWrite);
        var flattened = background is null ? null : ArrayPool<byte>.Shared.Rent(first.Samples.Length);
        try
        {
            for (var frame = first; frame is not null; frame = await NextAsync(cancellationToken))
            {
                await buffered.WriteAsync(Prepare(frame, flattened), cancellationToken);
                Count++;
                progress?.Report(Count);
            }
            await buffered.FlushAsync(cancellationToken);
            Completed = true;
        }
        finally
        {
            if (flattened is not null)
            {
                ArrayPool<byte>.Shared.Return(flattened);
            }
        }
    }

    private ReadOnlyMemory<byte> Prepare(Picture frame, byte[]? flattened)
    {
        if (flattened is null || background is not { } ground || !frame.HasTransparency)
        {
            return frame.Memory;
        }
        var memory = flattened.AsMemory(0, frame.Samples.Length);
        PictureCompositing.Flatten(frame.Samples, ground, memory.Span);
        return memory;
    }

    private async ValueTask<Picture?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var more = await frames.MoveNextAsync();
            if (more && frames.Current is { } frame && (frame.Width != first.Width || frame.Height != first.Height))
            {
                throw new FrameSequenceException($"Frame {Count} (from 0) is {frame.Width}x{frame.Height}; the first is {first.Width}x{first.Height}.");
            }
            if (expectedCount is { } expected && (more ? Count >= expected : Count != expected))
            {
                throw new FrameSequenceException($"{expected} frames were announced; {(more ? "more came" : $"{Count} came")}.");
            }
            return more ? frames.Current : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = exception;
            await abort.CancelAsync();
            throw;
        }
    }
}

/// <summary>Writes a file's bytes. A failure to read them is kept apart from one of the pipe and stops ffmpeg.</summary>
/// <param name="source">The bytes.</param>
/// <param name="abort">Cancelled when the source fails, which kills ffmpeg.</param>
internal sealed class StreamSource(Stream source, CancellationTokenSource abort) : IPipeSource
{
    private const int BufferSize = 1 << 16;

    /// <summary>What went wrong with reading the source, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public string GetStreamArguments() => string.Empty;

    /// <inheritdoc/>
    public async Task WriteAsync(Stream outputStream, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            try
            {
                await outputStream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            catch (IOException)
            {
                return; // ffmpeg wants no more; its exit code says whether that was well
            }
        }
    }

    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = exception;
            await abort.CancelAsync();
            throw;
        }
    }
}

/// <summary>
/// Reads what ffmpeg writes to its very end. FFMpegCore's own output pipe stops reading as soon as ffmpeg has exited, and what
/// is still in the pipe then is lost; this one reads on until the pipe is empty.
/// </summary>
/// <param name="read">Reads the stream to its end.</param>
/// <param name="abort">Cancelled when reading fails, which kills ffmpeg.</param>
[SuppressMessage("Design", "CA1001", Justification = "FFMpegCore calls Post at the end, whatever happened; that disposes the pipe.")]
internal sealed class OutputStreamArgument(Func<Stream, CancellationToken, Task> read, CancellationTokenSource abort) : IOutputArgument
{
    /// <summary>How long a connection is still waited for once ffmpeg has exited: it may have written and gone before it was accepted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly string _name = $"emu_{Guid.NewGuid():N}"[..20];
    private NamedPipeServerStream? _pipe;

    /// <summary>What went wrong with reading, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public string Text => OperatingSystem.IsWindows()
        ? $@"""\\.\pipe\{_name}"" -y"
        : $"\"unix:{Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + _name)}\" -y";

    /// <inheritdoc/>
    public void Pre(FFOptions options) =>
        _pipe = new NamedPipeServerStream(_name, PipeDirection.In, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    /// <inheritdoc/>
    public async Task During(CancellationToken cancellationToken = default)
    {
        using var wait = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => wait.CancelAfter(Grace));
        try
        {
            await _pipe!.WaitForConnectionAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            return; // ffmpeg ended without opening its output; its exit code says why
        }
        try
        {
            await read(_pipe, abort.Token);
        }
        catch (Exception exception)
        {
            Failure = exception;
            await abort.CancelAsync();
            throw;
        }
        finally
        {
            _pipe.Disconnect();
        }
    }

    /// <inheritdoc/>
    public void Post() => _pipe?.Dispose();
}
