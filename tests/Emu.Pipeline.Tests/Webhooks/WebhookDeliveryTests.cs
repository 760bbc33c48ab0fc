using System.Net;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task AnnounceAsync_ReceiverFailsInEveryWay_GetsTheEventInTheEndUnderOneId()
    {
        var attempt = 0;
        using var hold = new ManualResetEventSlim();
        await using var receiver = await Receiver.StartAsync(context =>
        {
            switch (Interlocked.Increment(ref attempt))
            {
                case 1:
                    context.Response.StatusCode = 500;
                    break;
                case 2:
                    context.Response.Redirect("https://example.com/");
                    break;
                case 3:
                    hold.Wait(TimeSpan.FromSeconds(3));
                    break;
                case 4:
                    context.Response.StatusCode = 503;
                    context.Response.Headers["Retry-After"] = "3600";
                    break;
            }
        });
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);

        await _bench.PublishAsync("video_1");
        var delivery = await _bench.WaitAsync(endpoint.Id, found => found.State != WebhookDeliveryState.Pending, advance: TimeSpan.FromMinutes(20));

        hold.Set();
        Assert.Equal(WebhookDeliveryState.Delivered, delivery.State);
        Assert.Equal([500, 302, null, 503, 200], delivery.Attempts.Select(made => made.StatusCode));
        Assert.Single(receiver.Requests.Select(request => request.Headers[WebhookSignature.IdHeader]).Distinct());
        Assert.Single(receiver.Requests.Select(request => request.Body).Distinct());
        Assert.True(receiver.Requests.Select(request => request.Headers[WebhookSignature.TimestampHeader]).Distinct().Count() > 3);
    }

    [Fact]
    public async Task AnnounceAsync_ReceiverComesBackADayLater_GetsTheEvent()
    {
        Uri url;
        await using (var receiver = await Receiver.StartAsync(_ => { }))
        {
            url = receiver.Url;
        }

        var endpoint = await _bench.AddEndpointAsync(url);
        await _bench.PublishAsync("video_1");
        var began = _bench.Time.GetUtcNow();
        await _bench.WaitAsync(endpoint.Id, _ => _bench.Time.GetUtcNow() - began > TimeSpan.FromDays(1), advance: TimeSpan.FromMinutes(30));

        await using var back = await Receiver.StartAsync(_ => { }, url.Port);
        var delivery = await _bench.WaitAsync(endpoint.Id, found => found.State != WebhookDeliveryState.Pending, advance: TimeSpan.FromMinutes(30));

        Assert.Equal(WebhookDeliveryState.Delivered, delivery.State);
        Assert.Single(back.Requests);
    }

    [Fact]
    public async Task AnnounceAsync_Again_SendsNothingMoreAfterA2xxAlsoAfterARestart()
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);

        await _bench.PublishAsync("video_1");
        await _bench.WaitAsync(endpoint.Id, found => found.State == WebhookDeliveryState.Delivered);
        await _bench.PublishAsync("video_1");
        await _bench.RestartAsync();
        await _bench.PublishAsync("video_1");
        await _bench.WaitAsync(endpoint.Id, _ => _bench.Time.GetUtcNow() > DateTimeOffset.UtcNow.AddDays(3), advance: TimeSpan.FromHours(12));

        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task AnnounceAsync_StoppedDuringAnAttempt_IsSentAgainUnderTheSameIdAfterTheRestart()
    {
        using var hold = new ManualResetEventSlim();
        await using var receiver = await Receiver.StartAsync(_ => hold.Wait(TimeSpan.FromSeconds(30)));
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);
        await _bench.PublishAsync("video_1");
        while (receiver.Requests.IsEmpty)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await _bench.RestartAsync();
        hold.Set();
        await _bench.WaitAsync(endpoint.Id, found => found.State == WebhookDeliveryState.Delivered, advance: TimeSpan.FromSeconds(10));

        Assert.True(receiver.Requests.Count >= 2);
        Assert.Single(receiver.Requests.Select(request => request.Headers[WebhookSignature.IdHeader]).Distinct());
    }

    [Fact]
    public async Task AnnounceAsync_ReceiverNeverRespondsWith2xx_EndsAsADeadLetterThatCanBeReplayed()
    {
        var status = HttpStatusCode.InternalServerError;
        await using var receiver = await Receiver.StartAsync(context => context.Response.StatusCode = (int)status);
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);
        await _bench.PublishAsync("video_1");

        var dead = await _bench.WaitAsync(endpoint.Id, found => found.State != WebhookDeliveryState.Pending, advance: TimeSpan.FromHours(4));
        Assert.Equal(WebhookDeliveryState.Dead, dead.State);
        Assert.Equal(WebhookSchedule.MaximumAttempts, receiver.Requests.Count);

        status = HttpStatusCode.OK;
        await _bench.Dispatcher.ReplayAsync("owner", endpoint.Id, dead.Id, TestContext.Current.CancellationToken);
        var replayed = await _bench.WaitAsync(endpoint.Id, found => found.State != WebhookDeliveryState.Pending);

        Assert.Equal(WebhookDeliveryState.Delivered, replayed.State);
        Assert.Equal(1, replayed.Replays);
        Assert.Single(receiver.Requests.Select(request => request.Headers[WebhookSignature.IdHeader]).Distinct());
    }

    [Fact]
    public async Task AnnounceAsync_ReceiverResponds410_DisablesTheEndpoint()
    {
        await using var receiver = await Receiver.StartAsync(context => context.Response.StatusCode = 410);
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);

        await _bench.PublishAsync("video_1");
        var delivery = await _bench.WaitAsync(endpoint.Id, found => found.State != WebhookDeliveryState.Pending);
        await _bench.PublishAsync("video_2");

        Assert.Equal(WebhookDeliveryState.Dead, delivery.State);
        var disabled = await _bench.Store.FindEndpointAsync("owner", endpoint.Id, TestContext.Current.CancellationToken);
        Assert.Equal(WebhookEndpointStatus.Disabled, disabled!.Status);
        Assert.Single(await _bench.DeliveriesAsync(endpoint.Id));
    }

    [Fact]
    public async Task AnnounceAsync_EndpointForOtherEvents_IsNotNotified()
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        var other = await _bench.AddEndpointAsync(receiver.Url, WebhookEventTypes.ImageFailed);
        var subscribed = await _bench.AddEndpointAsync(receiver.Url, WebhookEventTypes.VideoFailed);

        await _bench.PublishAsync("video_1", WebhookEventTypes.VideoFailed);
        await _bench.WaitAsync(subscribed.Id, found => found.State == WebhookDeliveryState.Delivered);

        Assert.Empty(await _bench.DeliveriesAsync(other.Id));
    }

    [Fact]
    public async Task AnnounceAsync_JobsOwnAddress_IsSignedWithTheOwnersDefaultSecret()
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        var secret = Assert.Single(await _bench.Store.GetDefaultSecretsAsync("owner", TestContext.Current.CancellationToken));

        await _bench.PublishAsync("video_1", url: receiver.Url);
        var delivery = await _bench.WaitAsync(WebhookTarget.Default, found => found.State == WebhookDeliveryState.Delivered);

        var request = Assert.Single(receiver.Requests);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers[WebhookSignature.TimestampHeader]!, null));
        var expected = WebhookSignature.Sign(delivery.Id, at, System.Text.Encoding.UTF8.GetBytes(request.Body), [WebhookSecret.Parse(secret.Secret)]);
        Assert.Equal(expected, request.Headers[WebhookSignature.SignatureHeader]);
    }
}
