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
    public async Task Clip_ReferencePicture_GivesReferenceLatentsAndFlows(string name)
    {
        var golden = await Golden.LoadAsync(name);
        var request = sticker.Clip(golden.Seed, golden.File.GetFloats("keyframe.picture"), golden.ClipSteps);
        Near.Equal(golden.File.GetFloats("clip.features"), request.FirstFrameFeatures!);
        using var run = sticker.Start(request);

        RequireKeptSteps(golden, "clip", run);

        Near.Equal(golden.File.GetFloats("clip.flows"), sticker.Motion.DecodeFlows(run.GetFrames()));
    }

    private static void RequireKeptSteps(Golden golden, string stage, DenoiseRun run)
    {
        while (!run.IsDone)
        {
            run.Step();
            if (run.CurrentStep == 1 || run.CurrentStep == (run.StepCount / 2) + 1 || run.IsDone)
            {
                Near.Equal(golden.File.GetFloats($"{stage}.{(run.IsDone ? "latents" : $"step{run.CurrentStep}")}"), run.GetLatents());
            }
        }
    }

    private sealed record Golden(string Prompt, ulong Seed, int Steps, int ClipSteps, SafetensorsFile File)
    {
        public static async Task<Golden> LoadAsync(string name)
        {
            using var settings = JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(RepositoryFiles.Golden("sticker", $"{name}.json")));
            return new Golden(
                settings.RootElement.GetProperty("prompt").GetString()!,
                settings.RootElement.GetProperty("seed").GetUInt64(),
                settings.RootElement.GetProperty("steps").GetInt32(),
                settings.RootElement.GetProperty("clip_steps").GetInt32(),
                await SafetensorsFile.ReadAsync(RepositoryFiles.Golden("sticker", $"{name}.safetensors")));
        }
    }
}
