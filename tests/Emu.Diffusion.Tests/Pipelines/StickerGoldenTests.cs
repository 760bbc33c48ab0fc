using System.Text.Json;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>The whole of inference against reference runs of the same weights in PyTorch (Goldens/sticker/README.md).</summary>
public class StickerGoldenTests(StickerFixture sticker) : IClassFixture<StickerFixture>
{
    [Theory]
    [InlineData("duck_on_blue")]
    [InlineData("ghost")]
    public async Task TextEncoder_ReferencePrompt_GivesReferenceIdsAndEmbeddings(string name)
    {
        var golden = await Golden.LoadAsync(name);
        var text = golden.File.GetFloats("text");

        Near.Equal(text.Slice(0, 1), sticker.Text.Encode(golden.Prompt).Hidden);
        Near.Equal(text.Slice(1, 1), sticker.Text.EncodeUnconditional().Hidden);
        var ids = sticker.Package.GetTokenizer(sticker.Package.Description.Text[0]).Encode(golden.Prompt).Ids;
        Assert.Equal(golden.File.GetInt64s("input_ids").ToArray().Take(ids.Length), ids.Select(id => (long)id));
    }

    [Theory]
    [InlineData("duck_on_blue", false)]
    [InlineData("duck_on_blue", true)]
    [InlineData("ghost", false)]
    public async Task Keyframe_ReferenceRequest_GivesReferenceLatentsAndPicture(string name, bool oneAfterAnother)
    {
        var golden = await Golden.LoadAsync(name);
        using var run = sticker.Start(sticker.Keyframe(golden.Prompt, golden.Seed, steps: golden.Steps) with { OneAfterAnother = oneAfterAnother });
        Near.Equal(golden.File.GetFloats("keyframe.noise"), run.GetLatents(), 1e-6f);

        RequireKeptSteps(golden, "keyframe", run);

        var picture = new PictureDecoder(sticker.Package, sticker.Sessions).DecodeAll(run.GetLatents());
        Near.Equal(golden.File.GetFloats("keyframe.picture"), picture);
    }

    [Theory]
    [InlineData("duck_on_blue")]
    [InlineData("ghost")]
    public async Task Clip_ReferenceKeyframe_GivesReferenceLatentsAndPictures(string name)
    {
        var golden = await Golden.LoadAsync(name);
        using var run = sticker.Start(sticker.Clip(golden.Prompt, golden.Seed, golden.File.GetFloats("keyframe.latents"), golden.Steps));

        RequireKeptSteps(golden, "clip", run);

        var decoded = new PictureDecoder(sticker.Package, sticker.Sessions).DecodeAll(run.GetFrames());
        var pictures = golden.File.GetFloats("clip.pictures");
        var bounds = sticker.Package.Video!.Description.FrameCoring!;
        FrameWarping warping = new(sticker.Package.FrameWarp!, sticker.Sessions);
        FrameCoring coring = new(decoded.Slice(0, 1), bounds[0], bounds[1]);
        for (var index = 0; index < golden.PictureFrames.Length; index++)
        {
            var frame = warping.Apply(decoded.Slice(0, 1), decoded.Slice(golden.PictureFrames[index], 1));
            coring.Apply(frame);
            Near.Equal(pictures.Slice(index, 1), frame);
        }
    }

    private static void RequireKeptSteps(Golden golden, string stage, DenoiseRun run)
    {
        while (!run.IsDone)
        {
            run.Step();
            if (run.CurrentStep == 1 || run.CurrentStep == (golden.Steps / 2) + 1 || run.IsDone)
            {
                Near.Equal(golden.File.GetFloats($"{stage}.{(run.IsDone ? "latents" : $"step{run.CurrentStep}")}"), run.GetLatents());
            }
        }
    }

    private sealed record Golden(string Prompt, ulong Seed, int Steps, int[] PictureFrames, SafetensorsFile File)
    {
        public static async Task<Golden> LoadAsync(string name)
        {
            using var settings = JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(RepositoryFiles.Golden("sticker", $"{name}.json")));
            return new Golden(
                settings.RootElement.GetProperty("prompt").GetString()!,
                settings.RootElement.GetProperty("seed").GetUInt64(),
                settings.RootElement.GetProperty("steps").GetInt32(),
                settings.RootElement.GetProperty("clip_picture_frames").Deserialize<int[]>()!,
                await SafetensorsFile.ReadAsync(RepositoryFiles.Golden("sticker", $"{name}.safetensors")));
        }
    }
}
