namespace Emu.Pipeline.Tests.Artifacts;

public abstract partial class ArtifactStoreContract
{
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
}
