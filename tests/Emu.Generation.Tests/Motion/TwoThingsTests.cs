using Emu.Diffusion.Tensors;
using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class TwoThingsTests
{
    private const int Size = 96;
    private const int Ticks = 16;

    /// <summary>Two discs, and a bar of some thickness between them.</summary>
    private static readonly Func<int, int, int, bool> Discs = (x, y, bar) => Inside(x, y, 24, 60) || Inside(x, y, 72, 60) || (bar > 0 && x is >= 24 and <= 72 && Math.Abs((2 * y) - 120) < bar);

    [Theory]
    [InlineData("a cat jumps next to a dog", 0)]
    [InlineData("a cat next to a dog that jumps", 1)]
    [InlineData("a jumping cat to the right of a dog", 1)]
    public void Apply_MotionOfOneThing_ChangesOnlyPixelsOfItsWay(string prompt, int side)
    {
        var first = Picture(0);
        var motion = Motion(prompt, first);
        Assert.False(motion.MovesBoth);
        var changed = 0;
        for (var tick = 0; tick < Ticks; tick++)
        {
            var moved = motion.Apply(flow: null, tick, Ticks);
            for (var pixel = 0; pixel < Size * Size; pixel++)
            {
                // A crouching thing is a little wider.
                var isOfOther = side == 0 ? pixel % Size > 51 : pixel % Size < 44;
                var isSame = Enumerable.Range(0, 4).All(channel => Math.Abs(moved.Span[(channel * Size * Size) + pixel] - first.Span[(channel * Size * Size) + pixel]) < 1e-6);
                Assert.True(isSame || !isOfOther, $"tick {tick}, pixel {pixel % Size}, {pixel / Size}");
                changed += isSame ? 0 : 1;
            }
        }

        Assert.True(changed > 5000);
    }

    [Fact]
    public void Apply_ThingsThatTouchNarrowly_MovesOneAndLeavesNoHole()
    {
        var first = Picture(3);
        var motion = Motion("a cat jumps next to a dog", first);
        Assert.False(motion.MovesBoth);
        Assert.All(first.Span.ToArray().Zip(motion.Apply(flow: null, 0, Ticks).Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        var moved = motion.Apply(flow: null, 4, Ticks);
        Assert.True(Alpha(moved, 24, 79) < 0.1);      // in the air
        Assert.True(Alpha(moved, 72, 79) > 0.9);      // not
    }

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    public void Apply_ThingsThatAreOnePiece_MovesBoth(int bar)
    {
        var first = Picture(bar);
        var motion = Motion("a cat jumps next to a dog", first);
        Assert.True(motion.MovesBoth);
        var moved = motion.Apply(flow: null, 4, Ticks);
        Assert.True(Alpha(moved, 24, 79) < 0.1 && Alpha(moved, 72, 79) < 0.1);
    }

    [Fact]
    public void Apply_ThingsThatLieOtherwiseThanSaid_MovesBoth() => Assert.True(Motion("a cat jumps above a dog", Picture(0)).MovesBoth);

    [Fact]
    public void Apply_TwoThingsOnAPlainGround_MovesOneAndKeepsTheGround()
    {
        var first = Picture(0, opaque: true);
        var motion = Motion("a cat jumps next to a dog", first);
        Assert.False(motion.MovesBoth);
        var moved = motion.Apply(flow: null, 4, Ticks);
        Assert.Equal(first.Shape, moved.Shape);
        Assert.Equal(1, Alpha(moved, 24, 79), 1e-5);
        Assert.InRange(moved.Span[(79 * Size) + 24], -1.05, -0.9);      // ground
        Assert.InRange(moved.Span[(79 * Size) + 72], 0.9, 1.05);        // the dog
    }

    private static LoopMotion Motion(string prompt, FloatTensor first)
    {
        var read = MotionReader.Read(prompt);
        return new(read.Steps, first, layout: read.Layout);
    }

    private static bool Inside(int x, int y, int centreX, int centreY) => ((x - centreX) * (x - centreX)) + ((y - centreY) * (y - centreY)) <= 400;

    /// <summary>Red on nothing, or on blue.</summary>
    private static FloatTensor Picture(int bar, bool opaque = false)
    {
        FloatTensor picture = new([1, 4, Size, Size]);
        picture.Span.Fill(-1);
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            var covered = Discs(pixel % Size, pixel / Size, bar);
            picture.Span[((covered ? 0 : 2) * Size * Size) + pixel] = covered || opaque ? 1 : -1;
            picture.Span[(3 * Size * Size) + pixel] = covered || opaque ? 1 : -1;
        }

        return picture;
    }

    private static double Alpha(FloatTensor picture, int x, int y) => (picture.Span[(3 * Size * Size) + (y * Size) + x] + 1) / 2;
}
