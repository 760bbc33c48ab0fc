using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Jobs;
using Microsoft.OpenApi;

namespace Emu.Api.Tests.OpenApi;

public sealed class OpenApiDocumentTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Fact]
    public async Task Document_WholeTable_IsValidOpenApi31()
    {
        await using var stream = await server.Client.GetStreamAsync("/openapi/v1.json");
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        buffer.Position = 0;
        var result = await OpenApiDocument.LoadAsync(buffer, "json");

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, result.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(result.Document!.Paths);
    }

    [Fact]
    public async Task Document_AnonymousRoutes_NeedNoKeyAndOthersDo()
    {
        var document = await DocumentAsync();
        Assert.Empty(document.GetProperty("paths").GetProperty("/health/live").GetProperty("get").GetProperty("security").EnumerateArray());
        Assert.False(document.GetProperty("paths").GetProperty("/v1/videos").GetProperty("get").TryGetProperty("security", out _));
        Assert.NotEmpty(document.GetProperty("security").EnumerateArray());
    }

    [Theory]
    [InlineData(JobKind.Video, "CreateVideo")]
    [InlineData(JobKind.Video, "CreateVideoForm")]
    [InlineData(JobKind.Image, "GenerateImages")]
    [InlineData(JobKind.Edit, "EditImages")]
    public async Task RequestSchema_OfAKindOfJob_HasItsFields(JobKind kind, string name)
    {
        var properties = Schema(await DocumentAsync(), name).GetProperty("properties");
        foreach (var field in JobFields.Of(kind).Where(field => kind == JobKind.Video || (field != JobFields.Formats && field != JobFields.Lossy)))
        {
            var schema = properties.GetProperty(field.Name);
            Assert.StartsWith(field == JobFields.Prompt && kind == JobKind.Edit ? "What to do" : field.Description, schema.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.Equal(field.Maximum, schema.TryGetProperty("maximum", out var maximum) ? maximum.GetDouble() : null);
        }
    }

    [Fact]
    public async Task Target_IsDescribedOfferedByTheModelAndMade()
    {
        var words = Schema(await DocumentAsync(), "CreateVideo").GetProperty("properties").GetProperty("target").GetProperty("enum");
        Assert.Equal(StickerTargets.Names, words.EnumerateArray().Select(word => word.GetString()));
        var model = await (await server.Client.GetAsync("/v1/models/sketch")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(StickerTargets.Names, model.GetProperty("capabilities").GetProperty("targets").EnumerateArray().Select(word => word.GetString()));

        var video = await server.EndedAsync((await server.CreateAsync(new { prompt = "a red fox", target = "slack" })).GetProperty("id").GetString()!);

        Assert.Equal(("completed", "slack", "128x128", true), (video.GetProperty("status").GetString(), video.GetProperty("target").GetString(), video.GetProperty("size").GetString(), video.GetProperty("transparent").GetBoolean()));
        var content = await server.Client.GetByteArrayAsync($"/v1/videos/{video.GetProperty("id").GetString()}/content");
        Assert.Equal("GIF89a"u8, content.AsSpan(0, 6));
        Assert.InRange(content.Length, 1, StickerTargets.Find("slack")!.Video.MaximumBytes);
    }

    [Fact]
    public async Task ResponseSchema_OfAVideo_IsThatOfTheResponse()
    {
        var video = await server.CreateAsync(new { prompt = "a red fox", steps = 3, metadata = new { order = "7" } });
        AssertMatches(video, Schema(await DocumentAsync(), "Video"));
        AssertMatches(await server.EndedAsync(video.GetProperty("id").GetString()!), Schema(await DocumentAsync(), "Video"));
    }

    [Fact]
    public async Task ResponseSchema_OfAnImage_IsThatOfTheResponse()
    {
        var images = await (await server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a red fox", guidance = 1.5 })).JsonAsync();
        var image = await (await server.Client.GetAsync($"/v1/images/{images.GetProperty("data")[0].GetProperty("id").GetString()}")).JsonAsync(HttpStatusCode.OK);
        AssertMatches(image, Schema(await DocumentAsync(), "Image"));
        Assert.Equal(1.5, image.GetProperty("guidance").GetDouble());
    }

    [Fact]
    public async Task ResponseSchemas_OfEdits_AreThoseOfTheResponses()
    {
        var form = Edits.EditPictures.Form(("image", await Edits.EditPictures.PngAsync()), ("instruction", "make the background blue"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = form, Headers = { { "Prefer", "wait=60" } } };
        var session = await (await server.Client.SendAsync(request)).JsonAsync();
        var document = await DocumentAsync();
        AssertMatches(session, Schema(document, "EditSession"));
        Assert.All(session.GetProperty("versions").EnumerateArray(), version => AssertMatches(version, Schema(document, "EditVersion")));
        var job = await (await server.Client.GetAsync($"/v1/images/edits/{session.GetProperty("versions")[1].GetProperty("job_id").GetString()}")).JsonAsync();
        AssertMatches(job, Schema(document, "Edit"));
    }

    private async Task<JsonElement> DocumentAsync() => await (await server.Client.GetAsync("/openapi/v1.json")).JsonAsync();

    private static JsonElement Schema(JsonElement document, string name) => document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static void AssertMatches(JsonElement value, JsonElement schema)
    {
        var properties = schema.GetProperty("properties");
        Assert.Equal(properties.EnumerateObject().Select(property => property.Name).Order(), value.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(properties.EnumerateObject().Select(property => property.Name).Order(), schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).Order());
        foreach (var property in value.EnumerateObject())
        {
            var accepted = properties.GetProperty(property.Name);
            var types = accepted.TryGetProperty("type", out var type) ? type : accepted.GetProperty("enum");
            string[] names = types.ValueKind == JsonValueKind.Array ? [.. types.EnumerateArray().Select(name => name.GetString()!)] : [types.GetString()!];
            Assert.True(property.Value.ValueKind switch
            {
                JsonValueKind.Null => names.Contains("null"),
                JsonValueKind.String => names.Contains("string") || names.Contains(property.Value.GetString()!),
                JsonValueKind.Number => names.Contains("number") || (names.Contains("integer") && property.Value.TryGetInt64(out _)),
                JsonValueKind.True or JsonValueKind.False => names.Contains("boolean"),
                JsonValueKind.Array => names.Contains("array"),
                _ => names.Contains("object"),
            }, $"{property} does not match {accepted}");
        }
    }
}
