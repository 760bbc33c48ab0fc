using Emu.Editing.Masks;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Masks;

public sealed class GuidedUpsamplingTests
{
    [Fact]
    public void Enlarge_OfACoarseMask_FollowsThePicturesEdge()
    {
        // A disc eight times as large as its mask, on the picture exactly, in the mask by cells.
        var fine = Disc(512, 384, 256, 190, 120, soft: 1);
        var picture = Mixed(fine, new PictureColor(220, 210, 200), new PictureColor(40, 60, 30));
        var coarse = new float[64 * 64];
        for (var i = 0; i < coarse.Length; i++)
        {
            var (x, y) = (((i % 64) + 0.5) * 8, ((i / 64) + 0.5) * 6);
            coarse[i] = Math.Sqrt(Math.Pow(x - 256, 2) + Math.Pow(y - 190, 2)) < 120 ? 1 : 0;
        }

        var mask = GuidedUpsampling.Enlarge(coarse, 64, 64, picture, CancellationToken.None);

        var guided = Enumerable.Range(0, fine.Values.Length).Count(i => Math.Abs(mask.Values[i] - fine.Values[i]) > 64);
        var nearest = Enumerable.Range(0, fine.Values.Length).Count(i => Math.Abs((coarse[(i / 512 / 6 * 64) + (i % 512 / 8)] * 255) - fine.Values[i]) > 64);
        Assert.True(guided < nearest / 3, $"{guided} wrong pixels, {nearest} without the picture");
        Assert.Equal(255, mask.Row(190)[256]);
        Assert.Equal(0, mask.Row(5)[5]);
    }
}
