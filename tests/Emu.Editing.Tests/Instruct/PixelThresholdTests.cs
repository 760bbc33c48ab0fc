using System.Runtime.InteropServices;
using Emu.Editing.Instruct;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Instruct;

public sealed class PixelThresholdTests
{
    private const int Model = 32;
    private static readonly PictureColor Ground = new(100, 120, 140);

    [Fact]
    public void Apply_ChangeInOnePlace_CopiesTheSamplesElsewhere()
    {
        // 16 bits, twice the model's size; the values are none that 8 bits have.
        var source = SourcePicture.Create(2 * Model, 2 * Model, 16, SourceMetadata.None, 0, static (bytes, _) =>
        {
            var samples = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = (ushort)((i * 2654435761L) >> 7);
            }
        });
        var before = Picture.Filled(Model, Model, Ground);

        var result = new PixelThreshold().Apply(source, before, WithSquare(before, 8, 8, 10, new PictureColor(255, 0, 0)), TestContext.Current.CancellationToken);

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
        Assert.Equal([65535, 0, 0], result.Picture.RowSamples16(26).Slice(4 * 26, 3).ToArray().Select(sample => (int)sample));
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
    public void Apply_OfTwoSizes_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new PixelThreshold().Apply(SourcePicture.From(Picture.Filled(4, 4, Ground)), Picture.Filled(8, 8, Ground), Picture.Filled(8, 9, Ground), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(0)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void Alpha_OutOfRange_IsRefused(double alpha) => Assert.Throws<ArgumentOutOfRangeException>(() => new PixelThreshold { Alpha = alpha });

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
