using FFMpegCore.Pipes;

namespace Emu.Media.Video.Ffmpeg;

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
