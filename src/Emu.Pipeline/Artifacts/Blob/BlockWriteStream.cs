using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Emu.Pipeline.Artifacts.Blob;

/// <summary>
/// Writes a blob in blocks that are committed only by <see cref="CommitAsync"/>: the client library's own stream commits its blocks
/// whenever it is closed, also after a failure.
/// </summary>
internal sealed class BlockWriteStream(BlockBlobClient blob, BlobHttpHeaders headers) : Stream
{
    private const int BlockSize = 4 * 1024 * 1024;

    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly List<string> _blocks = [];
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("An artifact is written forward only.");

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException("An artifact is written forward only.");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Grow(buffer.Length);
            var count = Math.Min(buffer.Length, _buffer.Length - _filled);
            buffer.Span[..count].CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            _length += count;
            buffer = buffer[count..];
            if (_filled == BlockSize)
            {
                await StageAsync(cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <remarks>Blocks while a full block is sent; writers of much data write asynchronously.</remarks>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing counts before the commit, so there is nothing to flush.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An artifact is written, not read, here.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An artifact is written forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("An artifact is written forward only.");

    /// <summary>Commits the blob, replacing an existing one.</summary>
    /// <returns>The service's description of the blob, and its length in bytes.</returns>
    public async Task<(BlobContentInfo Info, long Length)> CommitAsync(CancellationToken cancellationToken)
    {
        if (_blocks.Count == 0)
        {
            // Small: one request instead of two.
            using var content = new MemoryStream(_buffer, 0, _filled, writable: false);
            var uploaded = await blob.UploadAsync(content, new BlobUploadOptions { HttpHeaders = headers }, cancellationToken);
            return (uploaded.Value, _length);
        }

        if (_filled > 0)
        {
            await StageAsync(cancellationToken);
        }

        var committed = await blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions { HttpHeaders = headers }, cancellationToken);
        return (committed.Value, _length);
    }

    private void Grow(int more)
    {
        if (_filled == _buffer.Length && _buffer.Length < BlockSize)
        {
            Array.Resize(ref _buffer, (int)Math.Min(BlockSize, Math.Max(_buffer.Length * 2L, (long)_filled + more)));
        }
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{_writer}-{_blocks.Count:d6}"));
        using var content = new MemoryStream(_buffer, 0, _filled, writable: false);
        await blob.StageBlockAsync(id, content, options: null, cancellationToken);
        _blocks.Add(id);
        _filled = 0;
    }
}
