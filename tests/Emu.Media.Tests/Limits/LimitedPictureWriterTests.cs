using Emu.Media.Codecs;
using Emu.Media.Limits;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Limits;

public sealed class LimitedPictureWriterTests
{
    private static readonly Picture Sticker = Frames.Grainy(256, 1).Single();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PictureFormat.Png, 70_000, "colours")]
    [InlineData(PictureFormat.Jpeg, 5_000, "quality")]
    [InlineData(PictureFormat.WebP, 5_000, "quality")]
    public async Task WriteAsync_MaximumBytes_IsKeptAndWhatWasGivenUpIsSaid(PictureFormat format, int maximum, string given)
    {
        Ffmpeg.SkipIfMissing();
        using var destination = new MemoryStream();

        var made = await new LimitedPictureWriter().WriteAsync(Sticker, new PictureEncoding { Format = format }, maximum, 32, destination, Cancellation);

        Assert.InRange(destination.Length, maximum / 4, maximum);
        Assert.Contains(given, made.Reductions[0], StringComparison.Ordinal);
        var read = await new PictureReader().ReadAsync(destination.ToArray(), Cancellation);
        Assert.Equal((made.Width, made.Height, made.Length), (read.Width, read.Height, destination.Length));
    }

    [Fact]
    public async Task WriteAsync_NoMaximum_IsWhatThePictureWriterWrites()
    {
        using var expected = new MemoryStream();
        using var destination = new MemoryStream();
        await new PictureWriter().WriteAsync(Sticker, expected, null, Cancellation);

        var made = await new LimitedPictureWriter().WriteAsync(Sticker, PictureEncoding.Png, null, 32, destination, Cancellation);

        Assert.Equal(expected.ToArray(), destination.ToArray());
        Assert.Empty(made.Reductions);
    }

    [Fact]
    public async Task WriteAsync_CannotBeSmallEnough_NamesTheSmallestAndWritesNothing()
    {
        Ffmpeg.SkipIfMissing();
        using var destination = new MemoryStream();

        var error = await Assert.ThrowsAsync<SizeLimitException>(() =>
            new LimitedPictureWriter().WriteAsync(Sticker, PictureEncoding.Png, 1_000, 256, destination, Cancellation));

        Assert.Equal(0, destination.Length);
        Assert.Contains("PNG", error.Message, StringComparison.Ordinal);
        Assert.True(error.SmallestBytes > error.MaximumBytes);
    }
}
