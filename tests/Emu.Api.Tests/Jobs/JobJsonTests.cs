using System.Text;
using Emu.Api.Errors;
using Emu.Api.Jobs;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Tests.Jobs;

public sealed class JobJsonTests
{
    private static readonly RequestField Kind = RequestField.Word("kind", "", "video", "image");
    private static readonly RequestField Image = RequestField.Text("image", "");

    [Fact]
    public void Read_EveryField_GivesTheDraft()
    {
        var job = Read("""
            {"prompt":"a fox","model":"m","size":"64x32","seconds":"2.5","seed":9007199254740991,"steps":3,"guidance":1.5,"image_guidance":2,"noise_scheduler":"ddim",
             "transparent":true,"formats":["gif"],"deadline":60,"metadata":{"a":"b"},"webhook_url":"https://example.com/","image":"a.png"}
            """);

        var draft = job.Draft;
        Assert.Equal(("a fox", "m", new FrameSize(64, 32), 2.5), (draft.Prompt, draft.Model, draft.Size, draft.Seconds));
        Assert.Equal((JobFields.MaximumSeed, 3, 1.5, 2), (draft.Seed, draft.Steps, draft.Guidance, draft.ImageGuidance));
        Assert.Equal(("ddim", true, DateTimeOffset.UnixEpoch.AddMinutes(1), "https://example.com/"), (draft.NoiseScheduler, draft.Transparent, draft.Deadline, draft.WebhookUrl));
        Assert.Equal(["gif"], draft.Formats);
        Assert.Equal("b", draft.Metadata["a"]);
        Assert.Equal("a.png", job.Fields.Text("image"));
    }

    [Fact]
    public void Read_KindField_DecidesTheKind()
    {
        Assert.Equal(JobKind.Video, Read("""{"prompt":"a fox"}""").Draft.Kind);
        Assert.Equal(JobKind.Image, Read("""{"kind":"image","prompt":"a fox","formats":["png"]}""").Draft.Kind);
    }

    [Theory]
    [InlineData("""{"colour":"red"}""", "colour", "unknown_parameter")]
    [InlineData("""{"kind":"image","seconds":4}""", "seconds", "unknown_parameter")]
    [InlineData("""{"kind":"song"}""", "kind", "invalid_value")]
    [InlineData("""{"size":"big"}""", "size", "invalid_value")]
    [InlineData("""{"seconds":"soon"}""", "seconds", "invalid_value")]
    [InlineData("""{"steps":"3"}""", "steps", "invalid_type")]
    [InlineData("""{"formats":["1","2","3","4","5","6","7","8","9"]}""", "formats", "invalid_value")]
    [InlineData("""[]""", null, "invalid_body")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", null, "invalid_body")]
    public void Read_WrongObject_NamesTheField(string json, string? param, string code)
    {
        var exception = Assert.Throws<ApiException>(() => Read(json));
        Assert.Equal((param, code), (exception.Param, exception.Code));
    }

    private static JobJson Read(string json) =>
        JobJson.Read(Encoding.UTF8.GetBytes(json), fields => new JobDraft { Kind = fields.Word("kind", "video", "image") == "image" ? JobKind.Image : JobKind.Video }, Kind, Image);
}
