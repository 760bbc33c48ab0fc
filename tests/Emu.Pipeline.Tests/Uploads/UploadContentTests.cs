using System.Text;
using Emu.Media.Pictures;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadContentTests : UploadFolderTests
{
    [Theory]
    [InlineData("cat.heic", "\0\0\0\u0018ftypheic\0\0\0\0", "HEIC")]
    [InlineData("cat.avif", "\0\0\0\u0018ftypavif\0\0\0\0", "AVIF")]
    [InlineData("cat.tif", "II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("notes.md", "text", "PNG, JPEG, WebP, GIF and BMP")]
    [InlineData("cat", "text", "PNG, JPEG, WebP, GIF and BMP")]
    public async Task HandleAsync_NoPictureThatIsRead_EndsAsAReportBesideThatSaysWhatIs(string name, string content, string expected)
    {
        await PutTextAsync(name, content);
        Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(new UploadOutcome(UploadOutcomeKind.Refused, null, PictureErrorCode.UnsupportedFormat), await HandleAsync(name));
        Assert.Contains(expected, (await ReportAsync(name)).Error.Message, StringComparison.Ordinal);
        Assert.Empty(await JobsAsync());
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("cat.heic")]
    public async Task HandleAsync_PictureUnderAnotherName_IsTakenByItsContent(string name)
    {
        await PutPictureAsync("cat.png");
        File.Move(PathOf("cat.png"), PathOf(name));
        await PutTextAsync("cat.txt", "a cat");

        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync(name)).Kind);
        Assert.Equal("a cat", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Theory]
    [InlineData("cafe\u0301.png", "caf\u00E9.txt")]
    [InlineData("two.png", "two.TXT")]
    public async Task HandleAsync_TextNamedAlike_IsThePrompt(string picture, string text)
    {
        await PutTextAsync(text, "a cat");
        await PutPictureAsync(picture);

        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync(picture)).Kind);
        Assert.Equal(UploadOutcomeKind.AlreadyStarted, (await HandleAsync(text)).Kind);
        Assert.Equal("a cat", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task HandleAsync_TextWithAByteOrderMark_IsRead(string encoding)
    {
        await PutPictureAsync("cat.png");
        await File.WriteAllTextAsync(PathOf("cat.txt"), "une \u00E9toile \U0001F408", Encoding.GetEncoding(encoding), Token);
        Stamp("cat.txt");

        await HandleAsync("cat.png");

        Assert.Equal("une \u00E9toile \U0001F408", Assert.Single(await JobsAsync()).Request.Prompt);
    }

    [Fact]
    public async Task HandleAsync_TextThatCannotBeRead_KeepsThePictureWaitingUntilItCan()
    {
        await PutPictureAsync("cat.png");
        await File.WriteAllBytesAsync(PathOf("cat.txt"), [0x61, 0xE9, 0x62], Token);
        Stamp("cat.txt");
        Time.Advance(TimeSpan.FromMinutes(5));

        var outcomes = new[] { await HandleAsync("cat.png"), await HandleAsync("cat.txt"), await HandleAsync("cat.png") };
        var before = await JobsAsync();
        await PutTextAsync("cat.txt", "a cat");

        Assert.Equal([UploadOutcomeKind.Waiting, UploadOutcomeKind.Refused, UploadOutcomeKind.Waiting], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(UploadCodes.InvalidText, (await ReportAsync("cat.txt")).Error.Code);
        Assert.Empty(before);
        Assert.Equal(UploadOutcomeKind.Started, (await HandleAsync("cat.txt")).Kind);
        Assert.Equal("a cat", Assert.Single(await JobsAsync()).Request.Prompt);
    }
}
