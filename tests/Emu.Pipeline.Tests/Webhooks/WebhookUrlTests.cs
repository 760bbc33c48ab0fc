using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookUrlTests
{
    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:8443/hook?team=7")]
    [InlineData("https://8.8.8.8/")]
    public void TryParse_PublicHttps_IsTaken(string text)
    {
        Assert.Equal(new Uri(text), WebhookUrl.TryParse(text, allowPrivate: false, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData(null, "absolute https")]
    [InlineData("", "absolute https")]
    [InlineData("/hook", "https")]
    [InlineData("http://example.com/hook", "https://")]
    [InlineData("file:///etc/passwd", "https://")]
    [InlineData("ftp://example.com/", "https://")]
    [InlineData("https://user:secret@example.com/", "user name or password")]
    [InlineData("https://example.com/#part", "fragment")]
    [InlineData("https://127.0.0.1/", "not a public address")]
    [InlineData("https://2130706433/", "not a public address")]
    [InlineData("https://0x7f.1/", "not a public address")]
    [InlineData("https://[::1]/", "not a public address")]
    [InlineData("https://[::ffff:10.0.0.1]/", "not a public address")]
    [InlineData("https://169.254.169.254/latest", "not a public address")]
    public void TryParse_AnythingElse_SaysWhy(string? text, string expected)
    {
        Assert.Null(WebhookUrl.TryParse(text, allowPrivate: false, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLong_SaysTheLimit()
    {
        Assert.Null(WebhookUrl.TryParse("https://example.com/" + new string('a', 2048), allowPrivate: false, out var problem));
        Assert.Contains("2048", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://localhost/")]
    [InlineData("https://10.0.0.1/")]
    public void TryParse_PrivateAllowed_IsTaken(string text) => Assert.NotNull(WebhookUrl.TryParse(text, allowPrivate: true, out _));
}
