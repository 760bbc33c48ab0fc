using System.Text;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Tests.Artifacts;

/// <summary>What every artifact store does.</summary>
public abstract class ArtifactStoreContract
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

    [Fact]
    public async Task CreateAsync_SomethingThere_ChangesNothing()
    {
        var store = await OpenAsync();

        Assert.NotNull(await store.CreateAsync("one", "first"u8.ToArray(), Cancellation));
        Assert.Null(await store.CreateAsync("one", "second"u8.ToArray(), Cancellation));

        Assert.Equal("first", await ReadAsync(store, "one"));
    }

    [Fact]
    public async Task CreateAsync_ManyAtOnce_ExactlyOneWins()
    {
        var store = await OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => store.CreateAsync("race", Encoding.UTF8.GetBytes($"{i}"), Cancellation))));

        var winner = Assert.Single(Enumerable.Range(0, 32), i => results[i] is not null);
        Assert.Equal($"{winner}", await ReadAsync(store, "race"));
    }

    [Fact]
    public async Task UpdateAsync_OldETag_ChangesNothing()
    {
        var store = await OpenAsync();
        var first = await store.CreateAsync("record", "1"u8.ToArray(), Cancellation);

        var second = await store.UpdateAsync("record", "2"u8.ToArray(), first!.ETag, Cancellation);
        var late = await store.UpdateAsync("record", "3"u8.ToArray(), first.ETag, Cancellation);

        Assert.NotNull(second);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Null(late);
        Assert.Equal("2", await ReadAsync(store, "record"));
    }

    [Fact]
    public async Task UpdateAsync_Gone_ChangesNothing()
    {
        var store = await OpenAsync();
        var first = await store.CreateAsync("record", "1"u8.ToArray(), Cancellation);
        await store.DeleteAsync("record", Cancellation);

        Assert.Null(await store.UpdateAsync("record", "2"u8.ToArray(), first!.ETag, Cancellation));
        Assert.Null(await store.FindAsync("record", Cancellation));
    }

    [Fact]
    public async Task UpdateAsync_CountedUpByMany_LosesNoCount()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "count", "0");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 10;)
            {
                var current = await store.ReadAsync("count", Cancellation);
                var next = int.Parse(Encoding.UTF8.GetString(current!.Content.Span), null) + 1;
                done += await store.UpdateAsync("count", Encoding.UTF8.GetBytes($"{next}"), current.ETag, Cancellation) is null ? 0 : 1;
            }
        })));

        Assert.Equal("40", await ReadAsync(store, "count"));
    }

    [Fact]
    public async Task WriteAsync_SameContent_ChangesTheETag()
    {
        var store = await OpenAsync();
        var tags = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            tags.Add((await WriteAsync(store, "same", "same")).ETag);
        }

        Assert.Equal(20, tags.Count);
    }

    [Fact]
    public async Task ListAsync_Prefix_IsOrdinalAndBegunAfter()
    {
        var store = await OpenAsync();
        string[] names = ["a/b", "a-b", "a.b", "a/c/d", "ab", "a/B", "a/c-", "a/c/", "b/x"];
        foreach (var name in names.Where(name => !name.EndsWith('/')))
        {
            await WriteAsync(store, name, "");
        }

        var sorted = names.Where(name => !name.EndsWith('/')).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(sorted, await NamesAsync(store, ""));
        Assert.Equal(sorted.Where(name => name.StartsWith("a/", StringComparison.Ordinal)), await NamesAsync(store, "a/"));
        Assert.Equal(["a/c-", "a/c/d"], await NamesAsync(store, "a/c"));
        foreach (var after in sorted.Append("a/").Append("a/c/").Append("a/bz").Append("zz").Append("0"))
        {
            Assert.Equal(sorted.Where(name => string.CompareOrdinal(name, after) > 0), await NamesAsync(store, "", after));
            Assert.Equal(
                sorted.Where(name => name.StartsWith("a/", StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0),
                await NamesAsync(store, "a/", after));
        }
    }

    [Fact]
    public async Task CountAsync_Prefix_CountsUpToTheLimit()
    {
        var store = await OpenAsync();
        Assert.Equal(0, await store.CountAsync("index/", 5, Cancellation));
        for (var i = 0; i < 200; i++)
        {
            await store.CreateAsync($"index/{i:d4}", default, Cancellation);
        }

        await store.CreateAsync("indexes", default, Cancellation);
        await store.DeleteAsync("index/0007", Cancellation);
        Assert.Equal(199, await store.CountAsync("index/", 1000, Cancellation));
        Assert.Equal(5, await store.CountAsync("index/", 5, Cancellation));
        Assert.Equal(99, await store.CountAsync("index/00", 1000, Cancellation));
    }

    [Fact]
    public async Task ListAsync_ManyWrittenAndRemoved_ListsWhatIsThere()
    {
        var store = await OpenAsync();
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 400; i++)
        {
            var name = $"index/{i * 7919 % 1000:d4}";
            await store.CreateAsync(name, default, Cancellation);
            expected.Add(name);
        }

        Assert.Equal(expected, await NamesAsync(store, "index/"));
        for (var i = 0; i < 400; i += 3)
        {
            var name = $"index/{i * 7919 % 1000:d4}";
            await store.DeleteAsync(name, Cancellation);
            expected.Remove(name);
        }

        await store.CreateAsync("index/0000-new", "x"u8.ToArray(), Cancellation);
        expected.Add("index/0000-new");
        Assert.Equal(expected, await NamesAsync(store, "index/"));
        Assert.Equal(expected.Where(name => string.CompareOrdinal(name, "index/0500") > 0), await NamesAsync(store, "index/", "index/0500"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData(".emu/owner")]
    [InlineData("con")]
    [InlineData("a/NUL.txt")]
    [InlineData("a./b")]
    [InlineData("a\0b")]
    [InlineData("line\nfeed")]
    public async Task EveryMember_NameThatIsNone_IsRefused(string name)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => store.FindAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReadAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenReadAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.CreateAsync(name, default, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.UpdateAsync(name, default, "x", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(name, (_, _) => Task.CompletedTask, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_UnicodeAndSpaces_AreKept()
    {
        var store = await OpenAsync();

        await WriteAsync(store, "uploads/eine Ente – 鸭 🦆.png", "x");

        Assert.Equal(["uploads/eine Ente – 鸭 🦆.png"], await NamesAsync(store, "uploads/eine"));
        Assert.Equal("x", await ReadAsync(store, "uploads/eine Ente – 鸭 🦆.png"));
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
