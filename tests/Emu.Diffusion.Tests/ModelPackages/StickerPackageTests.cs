using Emu.Diffusion.ModelPackages;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.ModelPackages;

public class StickerPackageTests
{
    [Fact]
    public void Load_StickerPackage_FindsEveryPart()
    {
        var package = ModelPackage.Load(RepositoryFiles.StickerModel);

        Assert.Equal("sticker", package.Description.Name);
        Assert.True(package.Description.Loops);
        Assert.Equal(PictureAlpha.Premultiplied, package.Description.Alpha);
        Assert.Equal("DPMSolverMultistepScheduler", package.NoiseScheduler.ClassName);
        Assert.NotNull(package.Image);
        Assert.NotNull(package.Video);
        Assert.NotNull(package.Encoder);
        Assert.Equal(["noise"], package.Video.Description.Layout);
        Assert.NotNull(package.Motion);
        Assert.Equal(TensorElementType.Int64, package.Text[0].InputIds.ElementType);
        Assert.All(package.Verify(), check => Assert.Equal(PackageFileState.Intact, check.State));
    }
}
