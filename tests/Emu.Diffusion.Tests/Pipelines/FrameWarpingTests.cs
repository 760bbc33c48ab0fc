using System.Text.Json.Nodes;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class FrameWarpingTests : IDisposable
{
    private const int Side = 256;

    private readonly TemporaryFolder _folder = new();
    private readonly SessionCache _sessions = new();

    public void Dispose()
    {
        _sessions.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Apply_OfTheStickerModelToASquareThatMoved_PutsItWhereItWentInItsOwnColours()
    {
        var first = Square(left: 96);
        // The package's own strength makes up for motion that its denoiser makes too small; this square is where it is.
        FrameWarping warping = new(ModelPackage.Load(RepositoryFiles.StickerModel, verify: false).FrameWarp! with { Strength = 1 }, _sessions);

        var made = warping.Apply(first, Square(left: 100));

        Assert.InRange(Difference(made, Square(left: 100)), 0, .7f * Difference(first, Square(left: 100)));
    }

    [Fact]
    public void Apply_OfTheStickerModelToTheFirstFrame_BarelyChangesIt()
    {
        var first = Square(left: 96);
        FrameWarping warping = new(ModelPackage.Load(RepositoryFiles.StickerModel, verify: false).FrameWarp!, _sessions);

        var made = warping.Apply(first, first);

        Assert.InRange(Difference(made, first), 0, .01f);
        Assert.All(made.Span.ToArray(), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Apply_OfAGraph_FeedsEveryRoleAndClampsWhatItMakes()
    {
        // frames + strength · first: −.5 + .75 · −.5 = −.875, and .9 + .75 · .9 is beyond 1.
        FloatTensor first = new([1, 4, 2, 1]), frames = new([2, 4, 2, 1]);
        first.Span.Fill(-.5f);
        frames.Slice(0, 1).Span.Fill(-.5f);
        frames.Slice(1, 1).Span.Fill(-.9f);

        var made = Create("sample").Apply(first, frames);

        Assert.Equal(frames.Shape, made.Shape);
        Assert.All(made.Slice(0, 1).Span.ToArray(), value => Assert.Equal(-.875f, value, 1e-6f));
        Assert.All(made.Slice(1, 1).Span.ToArray(), value => Assert.Equal(-1f, value));
    }

    [Fact]
    public void Apply_FramesOfAnotherSizeThanTheFirst_NamesBoth()
    {
        var refused = Assert.Throws<ArgumentException>(() => Create("sample").Apply(new([1, 4, 2, 2]), new([3, 4, 2, 1])));

        Assert.Contains("[3, 4, 2, 1]", refused.Message);
        Assert.Contains("[1, 4, 2, 2]", refused.Message);
    }

    [Fact]
    public void Apply_GraphThatMakesAnotherShape_NamesTheGraph()
    {
        var refused = Assert.Throws<ModelPackageException>(() => Create("first_frame_again").Apply(new([1, 4, 2, 1]), new([3, 4, 2, 1])));

        Assert.Contains("another_warp", refused.File);
        Assert.Contains("[3, 4, 2, 1]", refused.Message);
    }

    /// <summary>The sticker package with a graph that adds the first frame, times the strength; or gives what was asked for by its output's name.</summary>
    private FrameWarping Create(string output)
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        new OnnxBuilder()
            .Input("frames", TensorElementType.Float, "frames", 4, "height", "width")
            .Input("first_frame", TensorElementType.Float, 1, 4, "height", "width")
            .Input("strength", TensorElementType.Float, 1)
            .Node("Mul", ["first_frame", "strength"], "first_frame_again")
            .Node("Add", ["frames", "first_frame_again"], "sample")
            .Output(output, TensorElementType.Float, "some", 4, "height", "width")
            .Save(Path.Combine(_folder.Path, "another_warp"));
        var path = Path.Combine(_folder.Path, "emu.json");
        var description = JsonNode.Parse(File.ReadAllText(path))!;
        description["video"]!["frame_warp"] = new JsonObject { ["graph"] = "another_warp", ["strength"] = .75 };
        File.WriteAllText(path, description.ToJsonString());
        return new(ModelPackage.Load(_folder.Path, verify: false).FrameWarp!, _sessions);
    }

    /// <summary>An opaque orange square of 64 pixels with a dark one in it, on nothing.</summary>
    private static FloatTensor Square(int left)
    {
        FloatTensor picture = new([1, 4, Side, Side]);
        picture.Span.Fill(-1);
        ReadOnlySpan<float> orange = [.9f, .2f, -.6f, 1], dark = [-.7f, -.7f, -.5f, 1];
        for (var channel = 0; channel < 4; channel++)
        {
            for (var row = 0; row < 64; row++)
            {
                var line = picture.Span.Slice((channel * Side * Side) + ((96 + row) * Side) + left, 64);
                line.Fill(orange[channel]);
                if (row is >= 20 and < 44)
                {
                    line[20..44].Fill(dark[channel]);
                }
            }
        }

        return picture;
    }

    private static float Difference(FloatTensor first, FloatTensor second) => first.Span.ToArray().Zip(second.Span.ToArray(), (a, b) => Math.Abs(a - b)).Average();
}
