using System.Runtime.InteropServices;
using Emu.Editing.Instruct;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Instruct;

public sealed class PixelThresholdTests
{
    private const int Model = 32;
    private static readonly PictureColor Ground = new(100, 120, 140);

    [Fact]
    public void Apply_ChangeInOnePlace_CopiesTheSamplesElsewhere()
    {
        // 16 bits, twice the model's size; the values are none that 8 bits have, about as dark as the model's picture.
        var source = SourcePicture.Create(2 * Model, 2 * Model, 16, SourceMetadata.None, 0, static (bytes, _) =>
        {
            var samples = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = (ushort)(20000 + (((i * 2654435761L) >> 7) % 15000));
            }
        });
        var before = Picture.Filled(Model, Model, Ground);

        var result = new PixelThreshold().Apply(source, before, WithSquare(before, 8, 8, 10, new PictureColor(255, 0, 0)), cancellationToken: TestContext.Current.CancellationToken);

        var kept = 0;
        for (var y = 0; y < source.Height; y++)
        {
            var (own, made) = (source.RowSamples16(y).ToArray(), result.Picture.RowSamples16(y).ToArray());
            for (var x = 0; x < source.Width; x++)
            {
                Assert.Equal(own[(4 * x) + 3], made[(4 * x) + 3]);
                if (result.Changed!.Row(y)[x] == 0)
                {
                    kept++;
                    Assert.True(own.AsSpan(4 * x, 3).SequenceEqual(made.AsSpan(4 * x, 3)));
                }
            }
        }

        // The square is 20 of 64 pixels wide; low-passing and enlarging widen it by up to six on each side.
        Assert.InRange(kept, (64 * 64) - (32 * 32), (64 * 64) - (20 * 20));
        Assert.All(Enumerable.Range(0, 3), channel => Assert.InRange(result.Picture.RowSamples16(26)[(4 * 26) + channel], channel == 0 ? 58000 : 0, channel == 0 ? 65535 : 10000));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Changes_OfOneChannelEverywhere_BeginAtAlpha(int levels, bool changes)
    {
        // 7 / 255 = 0.027, 8 / 255 = 0.031; α is 0.03.
        var before = Picture.Filled(Model, Model, Ground);
        var after = Picture.Filled(Model, Model, Ground with { Green = (byte)(Ground.Green + levels) });

        Assert.All(new PixelThreshold().Changes(before, after), value => Assert.Equal(changes ? 255 : 0, value));
    }

    [Fact]
    public void Changes_OfChannels_AddUp()
    {
        var before = Picture.Filled(Model, Model, Ground);
        var after = Picture.Filled(Model, Model, new PictureColor((byte)(Ground.Red + 3), (byte)(Ground.Green - 3), (byte)(Ground.Blue + 3)));

        Assert.All(new PixelThreshold().Changes(before, after), value => Assert.Equal(255, value));
    }

    [Fact]
    public void Changes_OfASinglePixel_AreLowPassed()
    {
        // 0.5 / 25 = 0.02 is below α; without the filter it would be far above.
        var before = Picture.Filled(Model, Model, Ground);
        var after = WithSquare(before, 16, 16, 1, Ground with { Red = (byte)(Ground.Red + 127) });

        Assert.All(new PixelThreshold().Changes(before, after), value => Assert.Equal(0, value));
        Assert.Single(new PixelThreshold { Radius = 0 }.Changes(before, after), value => value == 255);
    }

    [Fact]
    public void Apply_TonesChanged_KeepsTheDetailThatTheModelDoesNotSee()
    {
        // Stripes a pixel wide, of which the model at a quarter of the size sees the mean; it makes everything darker by 40 levels.
        var source = Stripes(4 * Model, 40);
        var before = Picture.Filled(Model, Model, new PictureColor(120, 120, 120));

        var result = new PixelThreshold().Apply(source, before, Picture.Filled(Model, Model, new PictureColor(80, 80, 80)), cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, 4 * Model), x => Assert.Equal(source.RowBytes(7)[4 * x] - 40, result.Picture.RowBytes(7)[4 * x]));
    }

    [Fact]
    public void Apply_SomethingElseDrawn_LetsNoneOfTheOldDetailShineThrough()
    {
        // What the model sees varies by 40 levels from column to column; it draws a flat grey.
        var source = Stripes(Model, 40);
        var before = source.ToPicture();

        var result = new PixelThreshold().Apply(source, before, Picture.Filled(Model, Model, new PictureColor(120, 120, 120)), cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, Model), x => Assert.InRange(result.Picture.RowBytes(16)[4 * x], 119, 121));
    }

    [Fact]
    public void Apply_WithARegion_ChangesNothingOutsideIt()
    {
        var source = Stripes(2 * Model, 40);
        var region = EditMask.CreateByRows(2 * Model, 2 * Model, static (_, row) => row[..(row.Length / 2)].Fill(255));

        var result = new PixelThreshold().Apply(source, Picture.Filled(Model, Model, Ground), Picture.Filled(Model, Model, new PictureColor(255, 0, 0)), region, TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, 2 * Model), y =>
        {
            Assert.True(source.RowBytes(y)[(4 * Model)..].SequenceEqual(result.Picture.RowBytes(y)[(4 * Model)..]));
            Assert.False(source.RowBytes(y)[..(4 * Model)].SequenceEqual(result.Picture.RowBytes(y)[..(4 * Model)]));
        });
        Assert.Equal(region.Values.ToArray(), result.Changed!.Values.ToArray());
    }

    [Fact]
    public void Apply_NothingChanged_SaysSo()
    {
        var before = Picture.Filled(Model, Model, Ground);

        var result = new PixelThreshold().Apply(Stripes(Model, 40), before, before, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["The model changed nothing in the picture."], result.Warnings);
    }

    [Fact]
    public void Apply_OfTwoSizes_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new PixelThreshold().Apply(SourcePicture.From(Picture.Filled(4, 4, Ground)), Picture.Filled(8, 8, Ground), Picture.Filled(8, 9, Ground), cancellationToken: TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(0)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void Alpha_OutOfRange_IsRefused(double alpha) => Assert.Throws<ArgumentOutOfRangeException>(() => new PixelThreshold { Alpha = alpha });

    /// <summary>Columns of 120 plus and minus some levels in turn.</summary>
    private static SourcePicture Stripes(int side, int levels) => SourcePicture.CreateByRows(side, side, 8, SourceMetadata.None, (_, row) =>
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = i % 4 == 3 ? (byte)255 : (byte)(120 + (i / 4 % 2 == 0 ? levels : -levels));
        }
    });

    private static Picture WithSquare(Picture picture, int x, int y, int side, PictureColor color) => Picture.Create(picture.Width, picture.Height, (picture, x, y, side, color), static (samples, state) =>
    {
        state.picture.Samples.CopyTo(samples);
        for (var row = state.y; row < state.y + state.side; row++)
        {
            for (var column = state.x; column < state.x + state.side; column++)
            {
                var at = ((row * state.picture.Width) + column) * Picture.Channels;
                (samples[at], samples[at + 1], samples[at + 2]) = (state.color.Red, state.color.Green, state.color.Blue);
            }
        }
    });
}
