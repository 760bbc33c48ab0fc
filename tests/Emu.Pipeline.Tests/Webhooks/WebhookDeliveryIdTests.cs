using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookDeliveryIdTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Fact]
    public void Create_SameEventAndTarget_IsTheSameId() =>
        Assert.Equal(WebhookDeliveryId.Create("video_1", "video.completed", "we_1", At), WebhookDeliveryId.Create("video_1", "video.completed", "we_1", At));

    [Theory]
    [InlineData("video_2", "video.completed", "we_1")]
    [InlineData("video_1", "video.failed", "we_1")]
    [InlineData("video_1", "video.completed", "we_2")]
    public void Create_AnotherEventOrTarget_IsAnotherId(string job, string type, string target) =>
        Assert.NotEqual(WebhookDeliveryId.Create("video_1", "video.completed", "we_1", At), WebhookDeliveryId.Create(job, type, target, At));

    [Fact]
    public void NewestFirst_LaterEvent_SortsBefore()
    {
        var earlier = WebhookDeliveryId.NewestFirst(WebhookDeliveryId.Create("a", "b", "c", At));
        var later = WebhookDeliveryId.NewestFirst(WebhookDeliveryId.Create("a", "b", "c", At.AddMilliseconds(1)));

        Assert.True(string.CompareOrdinal(later, earlier) < 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("msg_../../x")]
    [InlineData("msg_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void IsOne_AnotherText_IsFalse(string id) => Assert.False(WebhookDeliveryId.IsOne(id));

    [Fact]
    public void IsOne_CreatedId_IsTrue() => Assert.True(WebhookDeliveryId.IsOne(WebhookDeliveryId.Create("a", "b", "c", At)));
}
