using System.Net;
using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Api.Tests.Edits;

/// <summary><c>POST /v1/images/edits</c> and the jobs of edits, over the real stages and the embedded engine.</summary>
public sealed class ImageEditTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Fact]
    public async Task Edit_Background_LeavesEveryPixelOfTheSubject()
    {
        var before = await EditPictures.ReadAsync(await EditPictures.PngAsync());
        var answer = await EditAsync(("image", await EditPictures.PngAsync()), ("prompt", "make the background blue"), ("seed", 7));

        Assert.Equal(("png", "48x40", 7), (answer.GetProperty("output_format").GetString(), answer.GetProperty("size").GetString(), answer.GetProperty("data")[0].GetProperty("seed").GetInt64()));
        Assert.Empty(answer.GetProperty("warnings").EnumerateArray());
        var after = await EditPictures.ReadAsync(Convert.FromBase64String(answer.GetProperty("data")[0].GetProperty("b64_json").GetString()!));
        var inner = (X: 16, Y: 12, Width: 16, Height: 16);
        for (var y = inner.Y; y < inner.Y + inner.Height; y++)
        {
            Assert.True(before.RowBytes(y).Slice(inner.X * 4, inner.Width * 4).SequenceEqual(after.RowBytes(y).Slice(inner.X * 4, inner.Width * 4)), $"row {y} of the subject changed");
        }

        Assert.Equal([0, 0, 255, 255], after.Bytes[..4].ToArray());

        var job = await (await server.Client.GetAsync($"/v1/images/edits/{answer.GetProperty("data")[0].GetProperty("id").GetString()}")).JsonAsync();
        Assert.Equal(("edit", "completed", "make the background blue", false), (job.GetProperty("object").GetString(), job.GetProperty("status").GetString(), job.GetProperty("prompt").GetString(), job.GetProperty("lossy").GetBoolean()));
        Assert.InRange(job.GetProperty("kept_share").GetDouble(), 16 * 16 / (48.0 * 40), 24 * 24 / (48.0 * 40));
        Assert.Equal((12, 8, 24, 24), (Box(job, "x"), Box(job, "y"), Box(job, "width"), Box(job, "height")));
        Assert.Equal("solid_background", job.GetProperty("plan")[0].GetProperty("operation").GetProperty("operation").GetString());
        Assert.Equal(["png", "thumbnail", "mask", "subject", "compare"], job.GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()));
        foreach (var variant in new[] { "mask", "subject" })
        {
            var mask = await EditPictures.ReadAsync(await server.Client.GetByteArrayAsync($"/v1/images/edits/{job.GetProperty("id").GetString()}/content?variant={variant}"));
            Assert.Equal((48, 40), (mask.Width, mask.Height));
        }
    }

    [Fact]
    public async Task Edit_Mask_ChangesItsWhiteOrTransparentAreaOnly()
    {
        var picture = await EditPictures.PngAsync();
        var opaque = await EditAsync(("image", picture), ("mask", await EditPictures.MaskAsync()), ("prompt", "make it black and white"));
        var hole = Picture.Create(EditPictures.Width, EditPictures.Height, 0, static (samples, _) =>
        {
            for (var i = 3; i < samples.Length; i += Picture.Channels)
            {
                samples[i] = i / Picture.Channels % EditPictures.Width < EditPictures.Width / 2 ? (byte)0 : (byte)255;
            }
        });
        var transparent = await EditAsync(("image", picture), ("mask", await EditPictures.PngAsync(hole)), ("prompt", "make it black and white"));

        Assert.Equal(Bytes(opaque), Bytes(transparent));
        var (before, after) = (await EditPictures.ReadAsync(picture), await EditPictures.ReadAsync(Bytes(opaque)));
        for (var y = 0; y < before.Height; y++)
        {
            var half = before.Width / 2 * 4;
            Assert.True(before.RowBytes(y)[half..].SequenceEqual(after.RowBytes(y)[half..]));
            Assert.False(before.RowBytes(y)[..half].SequenceEqual(after.RowBytes(y)[..half]));
        }
    }

    [Fact]
    public async Task Edit_SixteenBits_StaySixteen()
    {
        using var stream = new MemoryStream();
        var wide = SourcePicture.CreateByRows(32, 32, 16, SourceMetadata.None, static (y, row) => new Random(y).NextBytes(row));
        await new SourcePictureWriter().WriteAsync(wide, stream);
        var answer = await EditAsync(("image", stream.ToArray()), ("mask", await EditPictures.MaskAsync(32, 32)), ("prompt", "darken the marked area"));
        var after = await EditPictures.ReadAsync(Bytes(answer));
        Assert.Equal(16, after.Bits);
        Assert.True(wide.RowBytes(5)[(16 * 8)..].SequenceEqual(after.RowBytes(5)[(16 * 8)..]));
    }

    [Fact]
    public async Task Edit_LossyFormatAndSize_AreMadeAndWarnedOf()
    {
        var answer = await EditAsync(("image", await EditPictures.PngAsync()), ("prompt", "make it sepia"), ("output_format", "jpeg"), ("size", "32x32"));
        Assert.Equal(("jpeg", "32x27"), (answer.GetProperty("output_format").GetString(), answer.GetProperty("size").GetString()));
        Assert.Equal((byte)0xFF, Bytes(answer)[0]);
        Assert.Equal(2, answer.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task Edit_AnotherFormatLater_IsMade()
    {
        var answer = await EditAsync(("image", await EditPictures.PngAsync()), ("prompt", "make it sepia"));
        var path = $"/v1/images/edits/{answer.GetProperty("data")[0].GetProperty("id").GetString()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/formats") { Content = new StringContent("""{"format":"webp"}""", System.Text.Encoding.UTF8, "application/json"), Headers = { { "Prefer", "wait=60" } } };
        var job = await (await server.Client.SendAsync(request)).JsonAsync();
        Assert.Contains("webp", job.GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()));
        Assert.Equal("RIFF"u8.ToArray(), (await server.Client.GetByteArrayAsync($"{path}/content?variant=webp"))[..4]);
    }

    [Fact]
    public async Task Edit_Several_HaveSeedsOfTheirOwn()
    {
        var answer = await EditAsync(("image[]", await EditPictures.PngAsync()), ("image[]", await EditPictures.MaskAsync()), ("prompt", "use my picture as the background"), ("n", 2), ("seed", 3), ("response_format", "url"));
        Assert.Equal([3, 4], answer.GetProperty("data").EnumerateArray().Select(image => image.GetProperty("seed").GetInt64()));
        Assert.Equal("image/png", (await server.Client.GetAsync(answer.GetProperty("data")[0].GetProperty("url").GetString())).Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("", null, "prompt", "missing_required_parameter")]
    [InlineData("make the weather nicer tomorrow", null, "prompt", "instruction_not_understood")]
    [InlineData("make it sepia", "colour", "task", "invalid_value")]
    [InlineData("make the marked area blue", null, "mask", "missing_required_parameter")]
    public async Task Edit_WrongInstruction_IsRefusedAndNothingIsStored(string prompt, string? task, string param, string code)
    {
        await server.IdleAsync();
        var stored = await server.CountJobArtifactsAsync();
        var form = EditPictures.Form([("image", await EditPictures.PngAsync()), ("prompt", prompt), .. task is null ? Array.Empty<(string, object)>() : [("task", task)]]);
        var error = await server.Client.PostAsync("/v1/images/edits", form).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal((param, code), (error.Param, error.Code));
        Assert.True(task is null || error.Message.Contains("'color'", StringComparison.Ordinal), error.Message);
        Assert.Equal(stored, await server.CountJobArtifactsAsync());
    }

    [Fact]
    public async Task Edit_WrongPictures_AreRefusedAndNothingIsStored()
    {
        await server.IdleAsync();
        var (picture, stored) = (await EditPictures.PngAsync(), await server.CountJobArtifactsAsync());
        Assert.Equal(("image", "picture_format_unsupported"), await RefusedAsync(("image", "no picture"u8.ToArray()), ("prompt", "make it sepia")));
        Assert.Equal(("image", "picture_too_small"), await RefusedAsync(("image", await EditPictures.PngAsync(Picture.Filled(8, 8, PictureColor.White))), ("prompt", "make it sepia")));
        Assert.Equal(("mask", "mask_size"), await RefusedAsync(("image", picture), ("mask", await EditPictures.MaskAsync(48, 41)), ("prompt", "make it sepia")));
        Assert.Equal(("mask", "mask_empty"), await RefusedAsync(("image", picture), ("mask", await EditPictures.PngAsync(Picture.Filled(48, 40, new PictureColor(0, 0, 0, 255)))), ("prompt", "make it sepia")));
        Assert.Equal(("background", "missing_required_parameter"), await RefusedAsync(("image", picture), ("prompt", "use my picture as the background")));
        Assert.Equal(("image", "missing_required_parameter"), await RefusedAsync(("prompt", "make it sepia")));
        Assert.Equal(("image", "duplicate_parameter"), await RefusedAsync(("image", picture), ("image", picture), ("image", picture), ("prompt", "make it sepia")));
        Assert.Equal(stored, await server.CountJobArtifactsAsync());
    }

    [Fact]
    public async Task Edit_NothingInFront_SaysSo()
    {
        var form = EditPictures.Form(("image", await EditPictures.PngAsync(hasSubject: false)), ("prompt", "make the background blue"));
        var error = await server.Client.PostAsync("/v1/images/edits", form).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("invalid_input", error.Code);
        Assert.StartsWith("No subject was found: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_ModelNotAdded_NamesTheCommand()
    {
        await using var own = new PipelineServer();
        await own.InitializeAsync();
        own.Finder.Missing = "Run 'emu models add photo-mask'.";
        var form = EditPictures.Form(("image", await EditPictures.PngAsync()), ("prompt", "make the background blue"));
        var error = await own.Client.PostAsync("/v1/images/edits", form).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("model_not_added", own.Finder.Missing), (error.Code, error.Message));
    }

    [Fact]
    public async Task Cancel_AtWork_EndsAsCancelled()
    {
        var slow = await EditPictures.PngAsync(CornerFinder.SlowCorner);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/edits") { Content = EditPictures.Form(("image", slow), ("prompt", "make the background blue")), Headers = { { "Prefer", "respond-async" } } };
        var started = await (await server.Client.SendAsync(request)).JsonAsync(HttpStatusCode.Accepted);
        var path = $"/v1/images/edits/{started.GetProperty("data")[0].GetProperty("id").GetString()}";
        await server.Client.PostAsync($"{path}/cancel", null).JsonAsync();
        JsonElement job = default;
        await Eventually.TrueAsync(async () => (job = await server.Client.GetAsync(path).JsonAsync()).GetProperty("status").GetString() == "failed", "the edit has ended");
        Assert.Equal("cancelled", job.GetProperty("error").GetProperty("code").GetString());
    }

    private static byte[] Bytes(JsonElement answer) => Convert.FromBase64String(answer.GetProperty("data")[0].GetProperty("b64_json").GetString()!);

    private static int Box(JsonElement job, string side) => job.GetProperty("found").GetProperty(side).GetInt32();

    private async Task<JsonElement> EditAsync(params (string Name, object Value)[] fields) => await server.Client.PostAsync("/v1/images/edits", EditPictures.Form(fields)).JsonAsync();

    private async Task<(string?, string?)> RefusedAsync(params (string Name, object Value)[] fields)
    {
        var error = await server.Client.PostAsync("/v1/images/edits", EditPictures.Form(fields)).ErrorAsync(HttpStatusCode.BadRequest);
        return (error.Param, error.Code);
    }
}
