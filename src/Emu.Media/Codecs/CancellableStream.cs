using SkiaSharp;

namespace Emu.Media.Codecs;

/// <summary>
/// A file in memory as Skia reads it. Once cancelled it has no more bytes: decoders end soon after, which is the only way to
/// stop them. (A progressive JPEG can ask for a pass over all pixels every hundred bytes.)
/// </summary>
/// <param name="file">The file.</param>
/// <param name="cancellationToken">Ends the file.</param>
internal sealed class CancellableStream(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) : SKAbstractManagedStream(true)
{
    private int _position;

    private int Remaining => cancellationToken.IsCancellationRequested ? 0 : file.Length - _position;

    /// <inheritdoc/>
    protected override IntPtr OnRead(IntPtr buffer, IntPtr size)
    {
        var count = OnPeek(buffer, size);
        _position += (int)count;
        return count;
    }

    /// <inheritdoc/>
    protected override IntPtr OnPeek(IntPtr buffer, IntPtr size)
    {
        var count = (int)Math.Min(size, Remaining);
        if (buffer != IntPtr.Zero && count > 0)
        {
            unsafe
            {
                file.Span.Slice(_position, count).CopyTo(new Span<byte>((void*)buffer, count));
            }
        }
        return count;
    }

    /// <inheritdoc/>
    protected override bool OnIsAtEnd() => Remaining == 0;

    /// <inheritdoc/>
    protected override bool OnHasPosition() => true;

    /// <inheritdoc/>
    protected override bool OnHasLength() => true;

    /// <inheritdoc/>
    protected override bool OnRewind() => OnSeek(0);

    /// <inheritdoc/>
    protected override IntPtr OnGetPosition() => _position;

    /// <inheritdoc/>
    protected override IntPtr OnGetLength() => file.Length;

    /// <inheritdoc/>
    protected override bool OnSeek(IntPtr position)
    {
        _position = (int)Math.Clamp(position, 0, file.Length);
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnMove(int offset) => OnSeek(_position + offset);

    /// <inheritdoc/>
    protected override IntPtr OnCreateNew() => IntPtr.Zero;
}
