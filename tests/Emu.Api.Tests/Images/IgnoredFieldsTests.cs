using System.Net;
using System.Text;
using System.Text.Json;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Images;

/// <summary>OpenAI's fields that change nothing here.</summary>
public sealed class IgnoredFieldsTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("\"style\":\"vivid\"", "style")]
    [InlineData("\"style\":\"natural\"", "style")]
    [InlineData("\"moderation\":\"low\"", "moderation")]
    [InlineData("\"moderation\":\"auto\"", null)]
    [InlineData("\"quality\":\"low\"", "quality")]
    [InlineData("\"quality\":\"medium\"", "quality")]
    [InlineData("\"quality\":\"high\"", "quality")]
    [InlineData("\"quality\":\"hd\"", "quality")]
    [InlineData("\"quality\":\"auto\"", null)]
    [InlineData("\"quality\":\"standard\"", null)]
    [InlineData("\"output_compression\":80", "output_compression")]
    [InlineData("\"output_compression\":80.0", "output_compression")]
    [InlineData("\"partial_images\":0", null)]
    [InlineData("\"stream\":false", null)]
    [InlineData("\"stream\":null,\"style\":null", null)]
    [InlineData("\"user\":\"anna\"", "user")]
    public async Task Generate_FieldThatChangesNothing_IsTakenAndNamedInTheWarnings(string field, string? warned)
    {
        var images = await (await PostAsync($$"""{"prompt":"a red fox",{{field}}}""")).JsonAsync();
        AssertWarns(warned, images);

        // The same stands in the job.
        var job = await (await server.Client.GetAsync($"/v1/images/{images.GetProperty("data")[0].GetProperty("id").GetString()}")).JsonAsync();
        AssertWarns(warned, job);
    }

    [Fact]
    public async Task Generate_SeveralImages_WarnsOnceForEachField()
    {
        var images = await (await PostAsync("""{"prompt":"a red fox","n":2.0,"seed":7.0,"style":"vivid","quality":"hd"}""")).JsonAsync();
        Assert.Equal([7, 8], images.GetProperty("data").EnumerateArray().Select(image => image.GetProperty("seed").GetInt64()));
        Assert.Equal(["'quality' is ignored: there is one quality.", "'style' is ignored: the style is the model's."], Warnings(images));
    }

    [Fact]
    public async Task Generate_Form_TakesTheSameFields()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("a red fox"), "prompt" },
            { new StringContent("7.0"), "seed" },
            { new StringContent("hd"), "quality" },
            { new StringContent("false"), "stream" },
            { new StringContent("90"), "output_compression" },
        };
        var images = await (await server.Client.PostAsync("/v1/images/generations", form)).JsonAsync();
        Assert.Equal(7, images.GetProperty("data")[0].GetProperty("seed").GetInt64());
        Assert.Equal(2, Warnings(images).Count);
    }

    [Theory]
    [InlineData("\"stream\":true", "stream", "invalid_value")]
    [InlineData("\"stream\":\"no\"", "stream", "invalid_type")]
    [InlineData("\"partial_images\":2", "partial_images", "invalid_value")]
    [InlineData("\"style\":\"cubist\"", "style", "invalid_value")]
    [InlineData("\"quality\":\"best\"", "quality", "invalid_value")]
    [InlineData("\"moderation\":7", "moderation", "invalid_type")]
    [InlineData("\"output_compression\":101", "output_compression", "invalid_value")]
    [InlineData("\"output_compression\":80.5", "output_compression", "invalid_value")]
    public async Task Generate_ValueThatCannotBeIgnored_IsRefused(string field, string param, string code)
    {
        var error = await (await PostAsync($$"""{"prompt":"a red fox",{{field}}}""")).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal((param, code), (error.Param, error.Code));
    }

    private static IReadOnlyList<string> Warnings(JsonElement resource) => [.. resource.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];

    private static void AssertWarns(string? field, JsonElement resource)
    {
        if (field is null)
        {
            Assert.Empty(Warnings(resource));
        }
        else
        {
            Assert.StartsWith($"'{field}' is ignored: ", Assert.Single(Warnings(resource)), StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> PostAsync(string json) => server.Client.PostAsync("/v1/images/generations", new StringContent(json, Encoding.UTF8, "application/json"));
}
