using Emu.Media.Limits;

namespace Emu.Media.Tests.Limits;

public sealed class SizeSearchTests
{
    // Each way takes nine tenths of the one before.
    private static readonly double[] Estimates = [.. Enumerable.Range(0, 24).Select(way => 1000 * Math.Pow(0.9, way))];

    private readonly List<int> _tried = [];

    [Theory]
    [InlineData(1.0, 1000)]
    [InlineData(1.0, 400)]
    [InlineData(3.0, 400)]
    [InlineData(0.2, 400)]
    [InlineData(9.0, 900)]
    public async Task FindAsync_FilesInProportion_FindsTheBestThatFitsInFiveAttempts(double scale, long maximum)
    {
        var (found, attempts, _) = await SizeSearch.FindAsync(Estimates, maximum, way => Write(way, scale));

        var best = Array.FindIndex(Estimates, estimate => (long)(estimate * scale) <= maximum);
        Assert.NotNull(found);
        // One that fills most of what is allowed is good enough.
        Assert.True(found == best || (found > best && Estimates[found.Value] * scale >= 0.85 * maximum), $"{found} instead of {best}");
        Assert.InRange(attempts, 1, SizeSearch.MaximumAttempts);
        Assert.Equal(attempts, _tried.Count);
    }

    [Fact]
    public async Task FindAsync_TheBestIsSmallEnough_TriesNothingElse()
    {
        var (found, attempts, smallest) = await SizeSearch.FindAsync(Estimates, 5000, way => Write(way, 1));

        Assert.Equal((0, 1, 1000L), (found, attempts, smallest));
    }

    [Fact]
    public async Task FindAsync_SizesThatFollowNoEstimate_StillReturnsOneThatFits()
    {
        long[] sizes = [.. Enumerable.Range(0, 24).Select(way => way < 20 ? 2000L - way : 300)];

        var (found, attempts, _) = await SizeSearch.FindAsync(Estimates, 400, way => Task.FromResult(sizes[way]));

        Assert.NotNull(found);
        Assert.True(sizes[found.Value] <= 400);
        Assert.InRange(attempts, 1, SizeSearch.MaximumAttempts + 1);
    }

    [Fact]
    public async Task FindAsync_NothingIsSmallEnough_HasTriedTheSmallest()
    {
        var (found, _, smallest) = await SizeSearch.FindAsync(Estimates, 10, way => Write(way, 1));

        Assert.Null(found);
        Assert.Contains(Estimates.Length - 1, _tried);
        Assert.Equal((long)Estimates[^1], smallest);
    }

    private Task<long> Write(int way, double scale)
    {
        _tried.Add(way);
        return Task.FromResult((long)(Estimates[way] * scale));
    }
}
