using System.Text.Json.Nodes;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Emu.Generation.Models;
using Emu.Generation.Rendering;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Generation.Tests.Rendering;

public class PictureUpsamplerTests(StickerModel sticker) : IClassFixture<StickerModel>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Upsample_WithAGraphThatRepeatsPixels_RepeatsThem()
    {
        using var folder = new TemporaryFolder();
        var upsampler = new PictureUpsampler(Create(folder.Path, scale: 2, declared: 2));

        // Opaque; red grows from left to right.
        var decoded = new FloatTensor([1, 4, 2, 2], new float[] { -1, 1, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1 });
        var picture = upsampler.Upsample(decoded, 4, Token);
        Assert.Equal([0, 0, 255, 255], Enumerable.Range(0, 4).Select(x => (int)picture[x, 2].Red));
        Assert.False(picture.HasTransparency);
    }

    [Fact]
    public void Upsample_ToASizeBetween_ResamplesWhatTheGraphMade()
    {
        using var folder = new TemporaryFolder();
        var decoded = new FloatTensor([1, 4, 4, 4]);
        decoded.Span.Fill(1);
        var picture = new PictureUpsampler(Create(folder.Path, scale: 4, declared: 4)).Upsample(decoded, 6, Token);
        Assert.Equal((6, 6), (picture.Width, picture.Height));
        Assert.Equal(255, picture[3, 3].Green);
    }

    [Fact]
    public void Upsample_WithAGraphOfAnotherScaleThanThePackageSays_NamesTheGraph()
    {
        using var folder = new TemporaryFolder();
        var upsampler = new PictureUpsampler(Create(folder.Path, scale: 2, declared: 4));
        var refused = Assert.Throws<ModelPackageException>(() => upsampler.Upsample(new FloatTensor([1, 4, 2, 2]), 8, Token));
        Assert.Contains("upscaler", refused.File);
        Assert.Contains("[1, 4, 8, 8] was expected", refused.Message);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(32, 8)]
    public void Upsample_WithoutAGraph_KeepsOneColourAndIsNeverLargerThanDecoded(int size, int expected)
    {
        // Red at half opacity, premultiplied: red ½, alpha ½ of the range −1 to 1.
        var decoded = new FloatTensor([1, 4, 8, 8]);
        decoded.Span.Clear();
        decoded.Span[64..192].Fill(-1);
        var picture = new PictureUpsampler(sticker.Library.Get(StickerModel.Name)).Upsample(decoded, size, Token);
        Assert.Equal((expected, expected), (picture.Width, picture.Height));
        Assert.InRange(picture[1, 1].Red, 254, 255);
        Assert.InRange(picture[1, 1].Alpha, 127, 128);
        Assert.Equal(0, picture[1, 1].Blue);
    }

    [Fact]
    public void Upsample_WithoutAlpha_IsOpaque()
    {
        var picture = new PictureUpsampler(sticker.Library.Get(StickerModel.Name)).Upsample(new FloatTensor([1, 3, 4, 4]), 8, Token);
        Assert.False(picture.HasTransparency);
        Assert.InRange(picture[3, 3].Green, 127, 128);
    }

    /// <summary>The sticker package with a graph that enlarges by repeating pixels.</summary>
    private LoadedModel Create(string folder, int scale, int declared)
    {
        foreach (var file in Directory.EnumerateFiles(StickerModel.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(StickerModel.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        new OnnxBuilder()
            .Input("input", TensorElementType.Float, 1, 4, "height", "width")
            .Constant("scales", TensorElementType.Float, [4], 1, 1, scale, scale)
            .Node("Resize", ["input", "", "scales"], "output", ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"))
            .Output("output", TensorElementType.Float, 1, 4, "height2", "width2")
            .Save(Path.Combine(folder, "upscaler"));
        var description = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "emu.json")))!;
        description["upscaler"] = new JsonObject { ["graph"] = "upscaler", ["scale"] = declared };
        File.WriteAllText(Path.Combine(folder, "emu.json"), description.ToJsonString());
        return new LoadedModel(ModelPackage.Load(folder, verify: false, Token), sticker.Sessions);
    }
}
