using System.Runtime.CompilerServices;
using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

public sealed class ReadAheadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_Items_GivesThemInOrder() =>
        Assert.Equal(Enumerable.Range(0, 100), await ReadAhead.OfAsync(new Source(100).ItemsAsync(Token), 3, Token).ToListAsync(Token));

    [Fact]
    public async Task Of_ASlowReader_HasTheNextItemsMadeMeanwhile()
    {
        var source = new Source(100);
        await using var reader = ReadAhead.OfAsync(source.ItemsAsync(Token), 3, Token).GetAsyncEnumerator(Token);
        var read = 0;
        while (await reader.MoveNextAsync())
        {
            // One is in hand, three wait, one is made and finds no place; no more.
            read++;
            if (read + 4 <= 100)
            {
                await source.Reached(read + 4).WaitAsync(Patience, Token);
            }

            Assert.InRange(source.Made, 0, read + 4);
        }

        Assert.Equal(100, read);
    }

    [Fact]
    public async Task Of_AFailingSource_GivesWhatCameBeforeAndThenTheFailure()
    {
        var got = new List<int>();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in ReadAhead.OfAsync(new Source(5, fails: true).ItemsAsync(Token), 2, Token))
            {
                got.Add(item);
            }
        });
        Assert.Equal("The source broke.", failure.Message);
        Assert.Equal([0, 1, 2, 3, 4], got);
    }

    [Fact]
    public async Task Of_AReaderThatLeavesEarly_StopsTheSource()
    {
        var source = new Source(int.MaxValue);
        await foreach (var item in ReadAhead.OfAsync(source.ItemsAsync(Token), 2, Token))
        {
            if (item == 10)
            {
                break;
            }
        }

        Assert.True(source.Ended);
    }

    [Fact]
    public async Task Of_ACancelledReader_StopsTheSource()
    {
        var source = new Source(int.MaxValue);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in ReadAhead.OfAsync(source.ItemsAsync(CancellationToken.None), 2, cancellation.Token))
            {
                if (item == 10)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
        Assert.True(source.Ended);
    }

    private sealed class Source(int count, bool fails = false)
    {
        private readonly Dictionary<int, TaskCompletionSource> _reached = [];

        public int Made { get; private set; }

        public bool Ended { get; private set; }

        public Task Reached(int made)
        {
            lock (_reached)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _reached.Add(made, reached);
                if (Made >= made)
                {
                    reached.SetResult();
                }

                return reached.Task;
            }
        }

        public async IAsyncEnumerable<int> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var item = 0; item < count; item++)
                {
                    await Task.Yield();
                    lock (_reached)
                    {
                        Made++;
                        _reached.GetValueOrDefault(Made)?.TrySetResult();
                    }

                    yield return item;
                }

                if (fails)
                {
                    throw new InvalidOperationException("The source broke.");
                }
            }
            finally
            {
                Ended = true;
            }
        }
    }
}
