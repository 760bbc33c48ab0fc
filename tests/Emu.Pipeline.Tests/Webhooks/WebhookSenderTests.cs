using System.Text;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookSenderTests : IDisposable
{
    private static readonly WebhookSecret Secret = WebhookSecret.Create();

    private readonly WebhookSender _sender = new(new WebhookOptions { AllowPrivate = true, Timeout = TimeSpan.FromSeconds(1) });

    public void Dispose() => _sender.Dispose();

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task SendAsync_ReceiverAnswers2xx_SucceedsWithASignedRequest(int status)
    {
        await using var receiver = await Receiver.StartAsync(context => context.Response.StatusCode = status);
        var delivery = DeliveryTo(receiver.Url);

        var answer = await _sender.SendAsync(delivery, [Secret], TestContext.Current.CancellationToken);

        Assert.True(answer.Attempt.Succeeded);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal(delivery.Body, request.Body);
        Assert.Equal(delivery.Id, request.Headers[WebhookSignature.IdHeader]);
        var timestamp = DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers[WebhookSignature.TimestampHeader]!, null));
        Assert.Equal(WebhookSignature.Sign(delivery.Id, timestamp, Encoding.UTF8.GetBytes(delivery.Body), [Secret]), request.Headers[WebhookSignature.SignatureHeader]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(410)]
    [InlineData(500)]
    public async Task SendAsync_ReceiverAnswersAnError_FailsWithTheStatus(int status)
    {
        await using var receiver = await Receiver.StartAsync(context => context.Response.StatusCode = status);

        var answer = await _sender.SendAsync(DeliveryTo(receiver.Url), [Secret], TestContext.Current.CancellationToken);

        Assert.False(answer.Attempt.Succeeded);
        Assert.Equal(status, answer.Attempt.StatusCode);
    }

    [Fact]
    public async Task SendAsync_ReceiverRedirects_FailsWithoutFollowing()
    {
        await using var receiver = await Receiver.StartAsync(context => context.Response.Redirect("/elsewhere"));

        var answer = await _sender.SendAsync(DeliveryTo(receiver.Url), [Secret], TestContext.Current.CancellationToken);

        Assert.Equal(302, answer.Attempt.StatusCode);
        Assert.False(answer.Attempt.Succeeded);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_ReceiverNeverAnswers_FailsAfterTheTimeOut()
    {
        using var hold = new ManualResetEventSlim();
        await using var receiver = await Receiver.StartAsync(_ => hold.Wait(TimeSpan.FromSeconds(20)));

        var answer = await _sender.SendAsync(DeliveryTo(receiver.Url), [Secret], TestContext.Current.CancellationToken);

        hold.Set();
        Assert.Null(answer.Attempt.StatusCode);
        Assert.Contains("within 1 s", answer.Attempt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_NobodyListens_FailsWithTheReason()
    {
        Uri url;
        await using (var receiver = await Receiver.StartAsync(_ => { }))
        {
            url = receiver.Url;
        }

        var answer = await _sender.SendAsync(DeliveryTo(url), [Secret], TestContext.Current.CancellationToken);

        Assert.Null(answer.Attempt.StatusCode);
        Assert.NotNull(answer.Attempt.Error);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "7", 7)]
    [InlineData(500, "120", null)]
    [InlineData(429, "soon", null)]
    public async Task SendAsync_RetryAfter_IsReadFor429And503(int status, string header, int? expected)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["Retry-After"] = header;
        });

        var answer = await _sender.SendAsync(DeliveryTo(receiver.Url), [Secret], TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task SendAsync_NameResolvesInside_IsRefusedBeforeConnecting(string host)
    {
        await using var receiver = await Receiver.StartAsync(_ => { });
        using var guarded = new WebhookSender(new WebhookOptions { Timeout = TimeSpan.FromSeconds(5) });

        var answer = await guarded.SendAsync(DeliveryTo(new Uri($"http://{host}:{receiver.Url.Port}/")), [Secret], TestContext.Current.CancellationToken);

        Assert.Contains("no public address", answer.Attempt.Error, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task SendAsync_Cancelled_Throws()
    {
        using var hold = new ManualResetEventSlim();
        await using var receiver = await Receiver.StartAsync(_ => hold.Wait(TimeSpan.FromSeconds(20)));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sender.SendAsync(DeliveryTo(receiver.Url), [Secret], cancellation.Token));

        hold.Set();
    }

    private static WebhookDelivery DeliveryTo(Uri url) => new()
    {
        Id = WebhookDeliveryId.Create("video_1", WebhookEventTypes.VideoCompleted, "we_1", DateTimeOffset.UtcNow),
        Owner = "owner",
        Target = "we_1",
        Url = url,
        EventType = WebhookEventTypes.VideoCompleted,
        JobId = "video_1",
        Body = """{"type":"video.completed","data":{"id":"video_1","prompt":"ein Bär – 🐻"}}""",
        CreatedAt = DateTimeOffset.UtcNow,
        State = WebhookDeliveryState.Pending,
    };
}
