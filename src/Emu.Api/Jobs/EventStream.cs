using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Emu.Api.Jobs;

/// <summary>One event of a stream.</summary>
/// <param name="Name">Its name, for example <c>video.in_progress</c>.</param>
/// <param name="Id">Clients send it as <c>Last-Event-ID</c> when they reconnect.</param>
/// <param name="Data">Its data, written as JSON.</param>
public sealed record ServerSentEvent(string Name, string Id, object Data);

/// <summary>
/// Sends events (text/event-stream) until there are none, the time is up or the server stops; then ends the response, so that
/// clients reconnect with the last id they saw. A comment every few seconds keeps idle connections open.
/// </summary>
/// <param name="events">The events; the token they get is cancelled when the response ends.</param>
/// <param name="longest">The longest time the response may take.</param>
/// <param name="stopping">Ends the response when the server stops.</param>
public sealed class EventStreamResult(IAsyncEnumerable<ServerSentEvent> events, TimeSpan longest, CancellationToken stopping) : IResult
{
    /// <summary>How long clients wait before they reconnect.</summary>
    public static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        end.CancelAfter(longest);
        await WriteAsync(response, $"retry: {ReconnectAfter.TotalMilliseconds:0}\n\n", httpContext.RequestAborted);
        try
        {
            await SendAsync(response, end.Token, httpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is up, the server stops, or the client is gone: the response ends here, between two events.
        }
    }

    private async Task SendAsync(HttpResponse response, CancellationToken end, CancellationToken aborted)
    {
        var enumerator = events.GetAsyncEnumerator(end);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= enumerator.MoveNextAsync().AsTask();
                using var keepAlive = CancellationTokenSource.CreateLinkedTokenSource(end);
                if (await Task.WhenAny(next, Task.Delay(KeepAlive, keepAlive.Token)) != next)
                {
                    end.ThrowIfCancellationRequested();
                    await WriteAsync(response, ": still here\n\n", aborted);
                    continue;
                }

                await keepAlive.CancelAsync();
                if (!await next)
                {
                    return;
                }

                next = null;
                await WriteAsync(response, enumerator.Current, aborted);
            }
        }
        finally
        {
            if (next is not null)
            {
                // An enumerator may only be disposed between two steps; the step ends with the token.
                await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            await enumerator.DisposeAsync();
        }
    }

    private static Task WriteAsync(HttpResponse response, ServerSentEvent item, CancellationToken cancellationToken)
    {
        var data = JsonSerializer.Serialize(item.Data, item.Data.GetType(), ApiJson.Options);
        return WriteAsync(response, $"event: {item.Name}\nid: {item.Id}\ndata: {data}\n\n", cancellationToken);
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));
        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
