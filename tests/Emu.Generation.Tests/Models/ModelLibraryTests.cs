using Emu.Diffusion.ModelPackages;
using Emu.Generation.Models;

namespace Emu.Generation.Tests.Models;

public class ModelLibraryTests(StickerModel model) : IClassFixture<StickerModel>
{
    [Fact]
    public void Get_Twice_LoadsThePackageOnce() => Assert.Same(model.Library.Get(StickerModel.Name), model.Library.Get(StickerModel.Name));

    [Fact]
    public void Get_OfAnUnknownName_NamesThoseThereAre()
    {
        var refused = Assert.Throws<UnsupportedByModelException>(() => model.Library.Get("other"));
        Assert.Contains("'other'", refused.Message);
        Assert.Contains("sticker", refused.Message);
    }

    [Fact]
    public void Get_AfterAPackageWasMended_Succeeds()
    {
        using var folder = new TemporaryFolder();
        var library = new ModelLibrary(model.Sessions, [new("late", folder["late"])]);
        Assert.Throws<ModelPackageException>(() => library.Get("late"));
        foreach (var file in Directory.EnumerateFiles(StickerModel.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder["late"], Path.GetRelativePath(StickerModel.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Assert.Equal(model.Package.Fingerprint, library.Get("late").Package.Fingerprint);
    }
}
