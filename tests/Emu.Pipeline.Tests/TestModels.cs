using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Pipeline.Tests;

/// <summary>Model capabilities as a host would publish them.</summary>
internal static class TestModels
{
    public static ModelCapabilities Sticker { get; } = new()
    {
        Name = "sticker",
        IsDefault = true,
        Kinds = [JobKind.Video, JobKind.Image, JobKind.Edit],
        AcceptsPicture = true,
        Sizes = [new FrameSize(64, 64), new FrameSize(128, 128)],
        Seconds = [4],
        FrameRate = 16,
        Loops = true,
        Transparency = true,
        Steps = new NumberRange(1, 100, 25),
        Guidance = new NumberRange(1, 10, 2.25),
        NoiseSchedulers = ["ddim", "euler"],
        VideoFormats = ["mp4", "gif", "webp", "apng"],
        ImageFormats = ["png", "jpeg"],
        EditTasks = ["background", "color", "remove"],
        MaximumPromptLength = 200,
    };

    public static JobDraft Video(string prompt = "a duck") => new() { Kind = JobKind.Video, Prompt = prompt, Seed = 7 };
}
