using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests;

public sealed class EditEngineTests
{
    public static TheoryData<string, EditOperation, EditTarget> RegionOperations { get; } = new()
    {
        { "solid", new SolidBackground(new PictureColor(1, 2, 3)), EditTarget.Ground },
        { "gradient", new GradientBackground(PictureColor.White, PictureColor.Black, 30), EditTarget.Ground },
        { "blur", new BlurBackground(1), EditTarget.Ground },
        { "transparent", new TransparentBackground(), EditTarget.Ground },
        { "picture", new PictureBackground(), EditTarget.Ground },
        { "scene", new GeneratedBackground("a tree", Pattern: false), EditTarget.Ground },
        { "pattern", new GeneratedBackground("a tree", Pattern: true), EditTarget.Ground },
        { "painted", new SolidBackground(new PictureColor(1, 2, 3)), EditTarget.Mask },
        { "tint", new Tint(new PictureColor(200, 10, 20)), EditTarget.Subject },
        { "saturate", new Saturate(2), EditTarget.Ground },
        { "brighten", new Brighten(0.7), EditTarget.Subject },
        { "contrast", new Contrast(-0.5), EditTarget.Mask },
        { "warm", new Warm(1), EditTarget.Subject },
        { "grey", new Grey(), EditTarget.Ground },
        { "sharpen", new Sharpen(1), EditTarget.Subject },
        { "soften", new Blur(1), EditTarget.Subject },
        { "remove", new Remove(), EditTarget.Subject },
        { "move", new MoveSubject(0.2, 0.1), EditTarget.Subject },
        { "scale", new ScaleSubject(0.6), EditTarget.Subject },
    };

    [Theory]
    [MemberData(nameof(RegionOperations))]
    public async Task Apply_OfRegionOperation_LeavesEveryOtherPixelBitForBit(string name, EditOperation operation, EditTarget target)
    {
        for (var trial = 0; trial < 4; trial++)
        {
            var random = new Random(trial);
            var (width, height, bits) = (random.Next(40, 70), random.Next(40, 70), trial % 2 == 0 ? 8 : 16);
            var picture = Noise(width, height, bits, trial, opaque: trial < 2);
            var mask = Disc(width, height, random.Next(18, 30), random.Next(18, 30), random.Next(6, 10), soft: 1 + (4 * trial));

            var outcome = await ApplyAsync(picture, mask, target, operation);

            Assert.NotNull(outcome.Changed);
            var kept = 0;
            for (var i = 0; i < outcome.Changed.Values.Length; i++)
            {
                var same = picture.Bytes.Slice(i * picture.BytesPerPixel, picture.BytesPerPixel).SequenceEqual(outcome.Picture.Bytes.Slice(i * picture.BytesPerPixel, picture.BytesPerPixel));
                kept += same ? 1 : 0;
                Assert.True(outcome.Changed.Values[i] != 0 || same, $"{name}, trial {trial}: pixel {i} changed");
            }
            Assert.InRange(kept, 1, outcome.Changed.Values.Length - 1);
            Assert.Equal((double)kept / outcome.Changed.Values.Length, outcome.KeptShare, 12);
        }
    }

    [Fact]
    public void Restored_OfWhatReachesTooFar_CopiesThePictureBack()
    {
        var (before, after) = (Noise(20, 20, 16, 1), Noise(20, 20, 16, 2));
        var changed = Disc(20, 20, 10, 10, 4);

        var restored = PixelExact.Restored(before, new EditResult(after, changed), CancellationToken.None);

        for (var i = 0; i < changed.Values.Length; i++)
        {
            Assert.Equal((changed.Values[i] == 0 ? before : after).Bytes.Slice(i * 8, 8).ToArray(), restored.Bytes.Slice(i * 8, 8).ToArray());
        }
    }

    [Fact]
    public async Task Apply_OfTenSteps_KeepsTheOriginalsPixels()
    {
        var (picture, mask) = (Noise(60, 50, 8, 5), Disc(60, 50, 30, 25, 12));
        EditOperation[] steps = [.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? (EditOperation)new Tint(new PictureColor((byte)(i * 20), 100, 50)) : new Brighten(0.1 * i))];

        var outcome = await ApplyAsync(picture, mask, EditTarget.Subject, steps);

        for (var i = 0; i < mask.Values.Length; i++)
        {
            Assert.True(mask.Values[i] != 0 || picture.Bytes.Slice(i * 4, 4).SequenceEqual(outcome.Picture.Bytes.Slice(i * 4, 4)));
        }
    }

    [Fact]
    public async Task Apply_AfterTurning_TurnsTheMaskToo()
    {
        var (picture, mask) = (Noise(40, 30, 8, 6), Disc(40, 30, 8, 8, 5));

        var outcome = await ApplyAsync(picture, mask, EditTarget.Mask, new Rotate(90), new SolidBackground(new PictureColor(255, 0, 0)));

        // A quarter clockwise takes (8, 8) of 40 × 30 to (30 − 1 − 8, 8).
        Assert.Equal([255, 0, 0, 255], outcome.Picture.Bytes.Slice(((8 * 30) + 21) * 4, 4).ToArray());
        Assert.NotEqual([255, 0, 0, 255], outcome.Picture.Bytes.Slice(((8 * 30) + 8) * 4, 4).ToArray());
        Assert.Null(outcome.Changed);
    }

    [Theory]
    [InlineData(EditTarget.Everything, false)]
    [InlineData(EditTarget.Subject, true)]
    [InlineData(EditTarget.Ground, true)]
    [InlineData(EditTarget.Mask, false)]
    public void NeedsSubject_OfColorStep_FollowsItsTarget(EditTarget target, bool expected) => Assert.Equal(expected, EditEngine.NeedsSubject(Plan(target, new Grey())));

    [Fact]
    public void NeedsSubject_OfBackground_Always() => Assert.True(EditEngine.NeedsSubject(Plan(EditTarget.Everything, new TransparentBackground())));

    [Fact]
    public async Task Apply_SubjectTwice_FindsItOnce()
    {
        var finder = new Finder(Disc(40, 40, 20, 20, 8));

        await new EditEngine(finder).ApplyAsync(Noise(40, 40, 8, 7), Plan(EditTarget.Subject, new Grey(), new Brighten(0.5)));

        Assert.Equal(1, finder.Calls);
    }

    [Fact]
    public async Task Apply_WithoutSubject_SaysThatNoneWasFound()
    {
        var engine = new EditEngine(new Finder(EditMask.CreateByRows(40, 40, static (_, _) => { })));

        var error = await Assert.ThrowsAsync<EditException>(() => engine.ApplyAsync(Noise(40, 40, 8, 8), Plan(EditTarget.Subject, new Grey())));

        Assert.StartsWith("No subject was found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_MaskOfAnotherSize_IsRefused()
    {
        var error = await Assert.ThrowsAsync<EditException>(() => ApplyAsync(Noise(40, 40, 8, 9), Disc(41, 40, 20, 20, 8), EditTarget.Mask, new Grey()));

        Assert.Contains("41x40", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_EmptyMask_IsRefused() =>
        await Assert.ThrowsAsync<EditException>(() => ApplyAsync(Noise(40, 40, 8, 9), EditMask.CreateByRows(40, 40, static (_, _) => { }), EditTarget.Mask, new Grey()));

    [Fact]
    public async Task Apply_Cancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new EditEngine(new Finder(null)).ApplyAsync(Noise(40, 40, 8, 9), Plan(EditTarget.Everything, new Grey()), null, null, new CancellationToken(canceled: true)));
}
