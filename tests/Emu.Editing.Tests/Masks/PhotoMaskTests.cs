using Emu.Diffusion.Sessions;
using Emu.Editing.Masks;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Masks;

/// <summary>With the real model, where it was added to a folder that <c>EMU_MODELS</c> names.</summary>
public sealed class PhotoMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Find_OfAnObjectOnAPlainGround_IsItsMask(int scale)
    {
        var folder = (Environment.GetEnvironmentVariable("EMU_MODELS") ?? string.Empty).Split(Path.PathSeparator)[0];
        var model = new PhotoMaskModel(Path.Combine(folder.Length > 0 ? folder : Path.GetTempPath(), PhotoMaskModel.Name));
        Assert.SkipUnless(model.IsPresent, $"The model is not there: run '{PhotoMaskModel.AddCommand}' and name its folder in EMU_MODELS.");
        using var sessions = new SessionCache(new SessionCacheOptions { KeepsWorkingMemory = false });
        var finder = new PhotoMask(model, sessions);
        var expected = Disc(480 * scale, 360 * scale, 230 * scale, 190 * scale, 90 * scale);
        var picture = Mixed(expected, new PictureColor(200, 60, 40), new PictureColor(225, 225, 220));

        var mask = await finder.FindAsync(picture, CancellationToken.None);

        var (both, either) = (0, 0);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            both += expected.Values[i] >= 128 && mask.Values[i] >= 128 ? 1 : 0;
            either += expected.Values[i] >= 128 || mask.Values[i] >= 128 ? 1 : 0;
        }
        Assert.InRange((double)both / either, 0.95, 1);
    }

    [Fact]
    public async Task Find_WithoutTheModel_NamesTheCommand()
    {
        using var sessions = new SessionCache();
        var finder = new PhotoMask(new PhotoMaskModel(Path.Combine(Path.GetTempPath(), "no-such-model")), sessions);

        var error = await Assert.ThrowsAsync<SubjectModelMissingException>(() => finder.FindAsync(Noise(32, 32, 8, 1), CancellationToken.None));

        Assert.Contains(PhotoMaskModel.AddCommand, error.Message, StringComparison.Ordinal);
        Assert.NotNull(finder.Missing);
    }
}
