using System.Text;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Tests.Artifacts;

/// <summary>What every artifact store does.</summary>
public abstract partial class ArtifactStoreContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<IArtifactStore> OpenAsync();

    [Fact]
    public async Task FindAsync_NothingThere_IsNull()
    {
        var store = await OpenAsync();

        Assert.Null(await store.FindAsync("jobs/a/none.json", Cancellation));
        Assert.Null(await store.ReadAsync("jobs/a/none.json", Cancellation));
        Assert.False(await store.DeleteAsync("jobs/a/none.json", Cancellation));
        var missing = await Assert.ThrowsAsync<ArtifactNotFoundException>(() => store.OpenReadAsync("jobs/a/none.json", Cancellation));
        Assert.Equal("jobs/a/none.json", missing.Name);
    }

    [Fact]
    public async Task WriteAsync_ThenRead_GivesTheBytesAndETag()
    {
        var store = await OpenAsync();

        var written = await store.WriteAsync("a/b/c.txt", (stream, token) => stream.WriteAsync("hello"u8.ToArray(), token).AsTask(), Cancellation);

        var found = await store.FindAsync("a/b/c.txt", Cancellation);
        var read = await store.ReadAsync("a/b/c.txt", Cancellation);
        Assert.Equal(5, written.Length);
        Assert.Equal(written.ETag, found!.ETag);
        Assert.Equal(written.ETag, read!.ETag);
        Assert.Equal("hello"u8.ToArray(), read.Content.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData((9 * 1024 * 1024) + 17)]
    public async Task WriteAsync_InUnevenPieces_KeepsEveryByte(int length)
    {
        var store = await OpenAsync();
        var content = new byte[length];
        new Random(7).NextBytes(content);

        var written = await store.WriteAsync(
            "large.bin",
            async (stream, token) =>
            {
                for (var offset = 0; offset < length;)
                {
                    var count = Math.Min(length - offset, 1 + (offset % 300_007));
                    await stream.WriteAsync(content.AsMemory(offset, count), token);
                    offset += count;
                }
            },
            Cancellation);

        await using var read = await store.OpenReadAsync("large.bin", Cancellation);
        var copy = new MemoryStream();
        await read.CopyToAsync(copy, Cancellation);
        Assert.Equal(length, written.Length);
        Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()));
    }

    [Fact]
    public async Task OpenReadAsync_Seek_ReadsFromThere()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "digits.txt", "0123456789");

        await using var stream = await store.OpenReadAsync("digits.txt", Cancellation);
        stream.Seek(7, SeekOrigin.Begin);
        var rest = new byte[3];
        await stream.ReadExactlyAsync(rest, Cancellation);

        Assert.Equal(10, stream.Length);
        Assert.Equal("789"u8.ToArray(), rest);
    }

    [Fact]
    public async Task WriteAsync_WriterFails_LeavesWhatWasThere()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "x.txt", "old");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(
            "x.txt",
            async (stream, token) =>
            {
                await stream.WriteAsync(new byte[5 * 1024 * 1024], token);
                throw new InvalidOperationException("stop");
            },
            Cancellation));
        await Assert.ThrowsAsync<IOException>(() => store.WriteAsync("new.txt", (_, _) => throw new IOException("the writer's own"), Cancellation));

        Assert.Equal("stop", failure.Message);
        Assert.Equal("old", await ReadAsync(store, "x.txt"));
        Assert.Null(await store.FindAsync("new.txt", Cancellation));
        Assert.Equal(["x.txt"], await NamesAsync(store, ""));
    }

    protected static Task<ArtifactInfo> WriteAsync(IArtifactStore store, string name, string text) =>
        store.WriteAsync(name, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), Cancellation);

    protected static async Task<string?> ReadAsync(IArtifactStore store, string name) =>
        await store.ReadAsync(name, Cancellation) is { } content ? Encoding.UTF8.GetString(content.Content.Span) : null;

    protected static async Task<List<string>> NamesAsync(IArtifactStore store, string prefix, string? after = null)
    {
        var names = new List<string>();
        await foreach (var information in store.ListAsync(prefix, after, Cancellation))
        {
            names.Add(information.Name);
        }

        return names;
    }
}
