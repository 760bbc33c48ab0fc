using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Emu.Media.Video;

/// <summary>Takes items from their source while an earlier one is still being worked on, so that maker and user do not wait for each other in turn.</summary>
internal static class ReadAhead
{
    /// <summary>The same items in the same order, and the source's failure after them. Left early, it stops the source and waits for its end.</summary>
    /// <param name="source">Read once, on the thread pool.</param>
    /// <param name="capacity">How many items wait at most, beside the one that is being made.</param>
    /// <param name="cancellationToken">Stops the source.</param>
    public static async IAsyncEnumerable<T> OfAsync<T>(IAsyncEnumerable<T> source, int capacity, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filling = Task.Run(() => FillAsync(source, waiting.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in waiting.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await filling;
        }
    }

    private static async Task FillAsync<T>(IAsyncEnumerable<T> source, ChannelWriter<T> waiting, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in source.WithCancellation(cancellationToken))
            {
                await waiting.WriteAsync(item, cancellationToken);
            }

            waiting.Complete();
        }
#pragma warning disable CA1031 // Whatever the source throws, the reader gets.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            waiting.Complete(exception);
        }
    }
}
