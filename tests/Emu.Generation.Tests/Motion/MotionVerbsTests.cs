using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class MotionVerbsTests
{
    public static TheoryData<string> Names => [.. MotionVerbs.All.Select(verb => verb.Name)];

    [Fact]
    public void All_HasThirtyMotionsWithNamesOfTheirOwn()
    {
        Assert.True(MotionVerbs.All.Count >= 30);
        Assert.Equal(MotionVerbs.All.Count, MotionVerbs.All.DistinctBy(verb => verb.Name).Count());
        Assert.All(MotionVerbs.All, verb => Assert.True(verb.Verbs.Count + verb.Phrases.Count > 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_StartAndEndOfTheLoop_IsAtRest(string name)
    {
        var verb = MotionVerbs.All.Single(one => one.Name == name);
        foreach (var amount in new[] { 0.0, 0.5, 1.0 })
        {
            foreach (var beats in new[] { verb.Beats.Slow, verb.Beats.Usual, verb.Beats.Fast })
            {
                MotionStep step = new(verb, amount, beats);
                Assert.All(Places(step, 0), pair => Near(pair.Before, pair.After, 1e-9));
                Assert.All(Places(step, 1e-7), pair => Near(pair.Before, pair.After, 1e-3));
                Assert.All(Places(step, 1 - 1e-7), pair => Near(pair.Before, pair.After, 1e-3));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_InBetween_Moves(string name)
    {
        var verb = MotionVerbs.All.Single(one => one.Name == name);
        MotionStep step = new(verb, 0.5, verb.Beats.Usual);
        var furthest = Enumerable.Range(1, 63).Max(tick => Math.Max(
            Places(step, tick / 64.0).Max(pair => Math.Abs(pair.After.X - pair.Before.X) + Math.Abs(pair.After.Y - pair.Before.Y)),
            1 - step.At(tick / 64.0).Opacity));
        Assert.True(furthest > 0.03, $"{name} moves {furthest} only");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Invert_OfApply_IsTheSamePoint(string name)
    {
        var verb = MotionVerbs.All.Single(one => one.Name == name);
        for (var tick = 0; tick < 64; tick++)
        {
            var pose = new MotionStep(verb, 0.7, verb.Beats.Usual).At(tick / 64.0);
            if (Math.Min(Math.Abs(pose.ScaleX), Math.Abs(pose.ScaleY)) < 0.05)
            {
                continue;
            }

            foreach (var (x, y) in Grid())
            {
                var (movedX, movedY) = pose.Apply(x, y);
                var (backX, backY) = pose.Invert(movedX, movedY);
                Assert.Equal(x, backX, 9);
                Assert.Equal(y, backY, 9);
            }
        }
    }

    private static IEnumerable<((double X, double Y) Before, (double X, double Y) After)> Places(MotionStep step, double part)
    {
        var pose = step.At(part);
        return Grid().Select(place =>
        {
            var (x, y) = pose.Apply(place.X, place.Y);
            return (place, (x + (2 * pose.TravelX), y + (2 * pose.TravelY)));
        });
    }

    private static IEnumerable<(double X, double Y)> Grid() =>
        from x in Enumerable.Range(-2, 5) from y in Enumerable.Range(-2, 5) select (x / 2.0, y / 2.0);

    private static void Near((double X, double Y) expected, (double X, double Y) actual, double tolerance)
    {
        Assert.InRange(actual.X, expected.X - tolerance, expected.X + tolerance);
        Assert.InRange(actual.Y, expected.Y - tolerance, expected.Y + tolerance);
    }
}
