using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class JobRequestChecksTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    public static TheoryData<string, string, Func<JobDraft, JobDraft>> Refused => new()
    {
        { "prompt", "missing_required_parameter", draft => draft with { Prompt = "  " } },
        { "prompt", "string_above_max_length", draft => draft with { Prompt = new string('a', 201) } },
        { "size", "invalid_value", draft => draft with { Size = new FrameSize(100, 100) } },
        { "seconds", "invalid_value", draft => draft with { Seconds = 5 } },
        { "seconds", "invalid_value", draft => draft with { Seconds = double.NaN } },
        { "seed", "invalid_value", draft => draft with { Seed = -1 } },
        { "seed", "invalid_value", draft => draft with { Seed = 1L << 53 } },
        { "steps", "invalid_value", draft => draft with { Steps = 0 } },
        { "guidance", "invalid_value", draft => draft with { Guidance = 11 } },
        { "guidance", "invalid_value", draft => draft with { Guidance = double.NaN } },
        { "image_guidance", "invalid_value", draft => draft with { ImageGuidance = 2 } },
        { "noise_scheduler", "invalid_value", draft => draft with { NoiseScheduler = "heun" } },
        { "formats", "invalid_value", draft => draft with { Formats = ["mp4", "avi"] } },
        { "deadline", "invalid_value", draft => draft with { Deadline = Now } },
        { "metadata", "invalid_value", draft => draft with { Metadata = Enumerable.Range(0, 17).ToDictionary(i => $"{i}", i => "") } },
        { "metadata", "invalid_value", draft => draft with { Metadata = new Dictionary<string, string> { [""] = "x" } } },
        { "metadata", "invalid_value", draft => draft with { Metadata = new Dictionary<string, string> { ["x"] = new string('a', 513) } } },
        { "webhook_url", "invalid_value", draft => draft with { WebhookUrl = "ftp://example.com" } },
        { "webhook_url", "invalid_value", draft => draft with { WebhookUrl = "/relative" } },
        { "webhook_url", "invalid_value", draft => draft with { WebhookUrl = "https://user:password@example.com" } },
        { "input_reference", "missing_required_parameter", draft => draft with { Kind = JobKind.Edit } },
        { "seconds", "invalid_value", draft => draft with { Kind = JobKind.Image, Seconds = 4 } },
        { "formats", "invalid_value", draft => draft with { Kind = JobKind.Image, Formats = ["mp4"] } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Resolve_WhatCannotBeMade_NamesTheField(string parameter, string code, Func<JobDraft, JobDraft> change)
    {
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(change(TestModels.Video()), TestModels.Sticker, null, Now));

        Assert.Equal((parameter, code), (refused.Parameter, refused.Code));
    }

    [Theory]
    [InlineData("a", 200)]
    [InlineData("🦆", 200)]
    [InlineData("👩🏽‍🚀", 200)]
    [InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 200)]
    [InlineData("e\u0301", 200)]
    [InlineData("नि", 200)]
    public void Resolve_PromptOfCharactersOfAnyLength_CountsWhatReadersSee(string character, int maximum)
    {
        var longest = string.Concat(Enumerable.Repeat(character, maximum));
        Assert.Equal(longest, JobRequestChecks.Resolve(TestModels.Video(longest), TestModels.Sticker, null, Now).Prompt);
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video(longest + character), TestModels.Sticker, null, Now));
        Assert.Equal("The prompt has 201 characters, and the model 'sticker' takes at most 200.", refused.Message);
    }

    [Fact]
    public void Resolve_OneCharacterWithTooManyAccents_IsRefused()
    {
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video("a" + new string('\u0301', 4000)), TestModels.Sticker, null, Now));
        Assert.Equal("string_above_max_length", refused.Code);
    }

    [Fact]
    public void Resolve_MetadataOfEmoji_CountsWhatReadersSee()
    {
        var metadata = new Dictionary<string, string> { [string.Concat(Enumerable.Repeat("🦆", 64))] = string.Concat(Enumerable.Repeat("👩🏽‍🚀", 512)) };
        Assert.Equal(metadata, JobRequestChecks.Resolve(TestModels.Video() with { Metadata = metadata }, TestModels.Sticker, null, Now).Metadata);
    }

    [Fact]
    public void Resolve_WrongSize_ListsThoseOfferedTheSmallestFirst()
    {
        var model = TestModels.Sticker with { Sizes = [new FrameSize(128, 128), new FrameSize(64, 64)] };

        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Size = new FrameSize(1, 2) }, model, null, Now));

        Assert.Equal("The model 'sticker' makes 64x64 and 128x128, not 1x2.", refused.Message);
    }

    [Fact]
    public void Resolve_WrongLength_SaysHowLongVideosAre()
    {
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Seconds = 8 }, TestModels.Sticker, null, Now));

        Assert.Equal("The videos of the model 'sticker' are 4 seconds long, not 8.", refused.Message);
    }

    [Fact]
    public void Resolve_Bare_FillsInTheDefaults()
    {
        var request = JobRequestChecks.Resolve(new JobDraft { Kind = JobKind.Video, Prompt = "a duck" }, TestModels.Sticker, null, Now);

        Assert.Equal(new FrameSize(64, 64), request.Size);
        Assert.Equal((4, 16, "ddim"), (request.Seconds, request.FramesPerSecond, request.NoiseScheduler));

        // Each network has its own: what the client leaves open stays open.
        Assert.Null(request.Steps);
        Assert.Null(request.Guidance);
        Assert.Null(request.ImageGuidance);
        Assert.Equal(["mp4"], request.Formats);
        Assert.InRange(request.Seed, 0, JobFields.MaximumSeed);
    }

    [Fact]
    public void Resolve_PictureWithoutPrompt_IsAccepted()
    {
        var request = JobRequestChecks.Resolve(TestModels.Video(""), TestModels.Sticker, new JobArtifacts("jobs/x/input.png"), Now);

        Assert.Equal("jobs/x/input.png", request.InputPicture);
        var unable = TestModels.Sticker with { AcceptsPicture = false };
        Assert.Equal("input_reference", Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video(), unable, new JobArtifacts("jobs/x/input.png"), Now)).Parameter);
    }

    [Fact]
    public void Resolve_OneTrainedGuidance_RefusesAnother()
    {
        var distilled = TestModels.Sticker with { Guidance = new NumberRange(1, 1, 1) };

        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Guidance = 3 }, distilled, null, Now));

        Assert.Equal("The model 'sticker' takes 1 for guidance, not 3.", refused.Message);
    }

    [Fact]
    public void Resolve_ModelsRangeBeyondTheFieldsBounds_IsCut()
    {
        var wide = TestModels.Sticker with { Steps = new NumberRange(0, 1e6, 25), Guidance = new NumberRange(-5, 5000, 2) };

        var steps = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Steps = 1001 }, wide, null, Now));
        var guidance = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Guidance = -1 }, wide, null, Now));

        Assert.Equal("The model 'sticker' takes 1 to 1000 for steps, not 1001.", steps.Message);
        Assert.Equal("The model 'sticker' takes 0 to 100 for guidance, not -1.", guidance.Message);
        Assert.Equal(1000, JobRequestChecks.Resolve(TestModels.Video() with { Steps = 1000 }, wide, null, Now).Steps);
    }

    [Fact]
    public void Resolve_KindThatTheModelDoesNotMake_NamesTheModel()
    {
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video(), TestModels.Sticker with { Kinds = [JobKind.Image] }, null, Now));
        Assert.Equal(("model", "invalid_value"), (refused.Parameter, refused.Code));
    }

    [Fact]
    public void Resolve_Edit_HasThePicturesSizeAndTheLosslessFormat()
    {
        var request = JobRequestChecks.Resolve(Edit(), TestModels.Sticker, Pictures, Now);
        Assert.Equal((new FrameSize(300, 200), "png", false), (request.Size, Assert.Single(request.Formats), request.Edit!.Fits));
        Assert.Equal(("jobs/x/input.jpg", "jobs/x/mask.png", "jobs/x/background.webp"), (request.InputPicture, request.Edit.Mask, request.Edit.Background));
        Assert.True(JobRequestChecks.Resolve(Edit() with { Size = new FrameSize(64, 64) }, TestModels.Sticker, Pictures, Now).Edit!.Fits);
    }

    [Fact]
    public void Resolve_LossyEdit_HasThePicturesOwnFormat()
    {
        Assert.Equal("jpeg", Assert.Single(JobRequestChecks.Resolve(Edit(new EditDraft { Lossy = true }), TestModels.Sticker, Pictures, Now).Formats));
        Assert.Equal("png", Assert.Single(JobRequestChecks.Resolve(Edit(new EditDraft { Lossy = true }), TestModels.Sticker, Pictures with { Input = "jobs/x/input.png" }, Now).Formats));
        var refused = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(Edit() with { Formats = ["jpeg"] }, TestModels.Sticker, Pictures, Now));
        Assert.Equal("formats", refused.Parameter);
    }

    [Fact]
    public void Resolve_EditWithoutInstructionPictureOrKnownTask_IsRefused()
    {
        Assert.Equal("prompt", Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(Edit() with { Prompt = " \n " }, TestModels.Sticker, Pictures, Now)).Parameter);
        Assert.Equal("input_reference", Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(Edit(), TestModels.Sticker, null, Now)).Parameter);
        var task = Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(Edit(new EditDraft { Task = "colour" }), TestModels.Sticker, Pictures, Now));
        Assert.Equal("task", task.Parameter);
        Assert.Contains("nearest is 'color'", task.Message, StringComparison.Ordinal);
    }

    private static JobArtifacts Pictures { get; } = new("jobs/x/input.jpg", "jobs/x/mask.png", "jobs/x/background.webp", new FrameSize(300, 200));

    private static JobDraft Edit(EditDraft? edit = null) => new() { Kind = JobKind.Edit, Prompt = "make it grey", Seed = 7, Edit = edit };
}
