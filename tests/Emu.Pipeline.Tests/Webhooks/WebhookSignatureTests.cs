using System.Text;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly WebhookSecret Published = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void Sign_PublishedVector_GivesThePublishedSignature()
    {
        // The example of the Standard Webhooks specification's reference libraries.
        var header = WebhookSignature.Sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("{\"test\": 2432232314}"), [Published]);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header);
    }

    [Fact]
    public void Sign_TwoSecrets_GivesBothSignaturesNewestFirst()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        var fresh = WebhookSecret.Create();

        var both = WebhookSignature.Sign("msg_1", time, "{}"u8, [fresh, Published]);

        Assert.Equal($"{WebhookSignature.Sign("msg_1", time, "{}"u8, [fresh])} {WebhookSignature.Sign("msg_1", time, "{}"u8, [Published])}", both);
    }

    [Fact]
    public void Sign_NoSecret_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSignature.Sign("msg_1", DateTimeOffset.UnixEpoch, "{}"u8, []));

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64")]
    [InlineData("whsec_c2hvcnQ=")]
    public void Parse_NotASecret_SaysWhatOneIs(string text) =>
        Assert.Contains("whsec_", Assert.Throws<FormatException>(() => WebhookSecret.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void ToString_OfASecret_HidesIt() =>
        Assert.DoesNotContain("MfKQ9r8GKYqr", $"{Published}", StringComparison.Ordinal);
}
