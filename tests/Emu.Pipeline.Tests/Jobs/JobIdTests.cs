using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class JobIdTests
{
    [Theory]
    [InlineData(JobKind.Video, "video_")]
    [InlineData(JobKind.Image, "image_")]
    [InlineData(JobKind.Edit, "edit_")]
    public void New_EveryKind_ParsesBack(JobKind kind, string prefix)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123);

        var id = JobId.New(kind, now);

        Assert.StartsWith(prefix, id.ToString(), StringComparison.Ordinal);
        Assert.Equal(id, JobId.Parse(id.ToString()));
        Assert.Equal((kind, now), (JobId.Parse(id.ToString()).Kind, JobId.Parse(id.ToString()).CreatedAt));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("video_")]
    [InlineData("video_0190000000007000800000000000000")]
    [InlineData("video_019000000000700080000000000000000")]
    [InlineData("video_01900000000070008000000000000ABC")]
    [InlineData("video_01900000000040008000000000000000")]
    [InlineData("movie_01900000000070008000000000000000")]
    [InlineData("../../../01900000000070008000000000000")]
    public void TryParse_AnythingElse_IsFalse(string? text) => Assert.False(JobId.TryParse(text, out _));

    [Fact]
    public void Index_NewestFirst_SortsAgainstTime()
    {
        var earlier = JobId.New(JobKind.Video, DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000));
        var later = JobId.New(JobKind.Image, DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_001));

        Assert.True(string.CompareOrdinal(JobNames.IndexEntry("o", JobOrder.NewestFirst, later), JobNames.IndexEntry("o", JobOrder.NewestFirst, earlier)) < 0);
        Assert.True(string.CompareOrdinal(JobNames.IndexEntry("o", JobOrder.OldestFirst, later), JobNames.IndexEntry("o", JobOrder.OldestFirst, earlier)) > 0);
        Assert.Equal(later.ToString(), JobNames.IdOf(JobNames.IndexEntry("o-with-dash", JobOrder.NewestFirst, later)));
    }

    [Theory]
    [InlineData("512x512", true)]
    [InlineData("1x16384", true)]
    [InlineData("0x5", false)]
    [InlineData("512X512", false)]
    [InlineData("512x", false)]
    [InlineData("0", false)]
    [InlineData("512x512x1", false)]
    [InlineData("+5x5", false)]
    [InlineData("1x131072", true)]
    [InlineData("131073x1", false)]
    public void FrameSize_Text_ParsesOnlyItsForm(string text, bool expected)
    {
        Assert.Equal(expected, FrameSize.TryParse(text, out var size));
        Assert.True(!expected || size.ToString() == text);
    }

    [Fact]
    public void FrameSize_OneNumber_IsASquare()
    {
        Assert.True(FrameSize.TryParse("512", out var size));
        Assert.Equal(new FrameSize(512, 512), size);
    }

    [Fact]
    public void ProgressVersion_Compare_GoesByStageThenUnits()
    {
        Assert.True(ProgressVersion.TryParse("2.9", out var older));
        Assert.True(ProgressVersion.TryParse("2.10", out var newer));
        Assert.True(older < newer && new ProgressVersion(3, 0) > newer);
        Assert.False(ProgressVersion.TryParse("2", out _) || ProgressVersion.TryParse("a.b", out _) || ProgressVersion.TryParse("-1.2", out _));
    }
}
