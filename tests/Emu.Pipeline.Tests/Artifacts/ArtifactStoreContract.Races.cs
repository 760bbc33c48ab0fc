using System.Text;

namespace Emu.Pipeline.Tests.Artifacts;

public abstract partial class ArtifactStoreContract
{
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
}
