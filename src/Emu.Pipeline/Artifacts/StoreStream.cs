namespace Emu.Pipeline.Artifacts;

/// <summary>
/// Translates the failures of a store's stream into <see cref="ArtifactStoreException"/>, so that a full disk is not mistaken for a
/// fault of the code that writes.
/// </summary>
internal sealed class StoreStream(Stream inner, Func<Exception, Exception?> translate, bool leaveOpen = false) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => Translate(() => inner.Length);

    public override long Position
    {
        get => inner.Position;
        set => Translate(() => inner.Position = value);
    }

    public override int Read(byte[] buffer, int offset, int count) => Translate(() => inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => Translate(inner.Flush);

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inner.FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Translate(() => inner.Seek(offset, origin));

    public override void SetLength(long value) => Translate(() => inner.SetLength(value));

    public override async ValueTask DisposeAsync()
    {
        if (!leaveOpen)
        {
            await inner.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            // A second time after DisposeAsync, which does nothing.
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Translate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    private void Translate(Action action) => Translate(() =>
    {
        action();
        return true;
    });
}
