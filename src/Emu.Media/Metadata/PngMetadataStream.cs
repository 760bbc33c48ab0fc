using Emu.Media.Pictures;

namespace Emu.Media.Metadata;

/// <summary>Puts metadata behind the header of a PNG while an encoder writes it.</summary>
/// <param name="destination">Where the file goes; not closed.</param>
/// <param name="metadata">The metadata.</param>
/// <param name="cancellationToken">Once cancelled, writing throws, which stops the encoder.</param>
internal sealed class PngMetadataStream(Stream destination, SourceMetadata metadata, CancellationToken cancellationToken) : Stream
{
    private int _missingHead = PngMetadata.HeadLength;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("The file is written from its beginning to its end.");

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_missingHead > 0)
        {
            var head = Math.Min(_missingHead, buffer.Length);
            destination.Write(buffer[..head]);
            buffer = buffer[head..];
            _missingHead -= head;
            if (_missingHead > 0)
            {
                return;
            }
            destination.Write(PngMetadata.Blocks(metadata));
        }
        destination.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => destination.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The file is only written.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The file is written from its beginning to its end.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The file is written from its beginning to its end.");
}
