using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Limits;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Images;

public sealed class ImageRoutesTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new() { Limits = new ApiLimits { RequestsPerSecond = 0, JobsInFlight = 2, MaximumWait = TimeSpan.FromSeconds(100) } };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Generate_SameSeed_GivesTheSameBytes()
    {
        var first = await GenerateAsync(new { prompt = "a red fox", seed = 7, output_format = "webp" });
        var second = await GenerateAsync(new { prompt = "a red fox", seed = 7, output_format = "webp" });
        Assert.Equal("webp", first.GetProperty("output_format").GetString());
        Assert.Equal(first.GetProperty("data")[0].GetProperty("b64_json").GetString(), second.GetProperty("data")[0].GetProperty("b64_json").GetString());
    }

    [Fact]
    public async Task Generate_FailedJob_SaysWhyAndIsNotRetried()
    {
        var response = await _server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a broken fox" });
        Assert.Equal("unsupported", (await response.ErrorAsync(HttpStatusCode.InternalServerError)).Code);
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
    }

    [Fact]
    public async Task Generate_MorePicturesThanJobsAllowed_LeavesNoneBehind()
    {
        var response = await _server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a red fox", n = 4 });
        Assert.Equal("too_many_jobs", (await response.ErrorAsync(HttpStatusCode.TooManyRequests)).Code);
        Assert.NotNull(response.Headers.RetryAfter);
        await _server.IdleAsync();
    }

    [Fact]
    public async Task Retrieve_Content_Delete_OfItsJob_Work()
    {
        var image = (await GenerateAsync(new { prompt = "a red fox" })).GetProperty("data")[0];
        var path = $"/v1/images/{image.GetProperty("id").GetString()}";
        Assert.Equal("completed", (await (await _server.Client.GetAsync(path)).JsonAsync()).GetProperty("status").GetString());
        Assert.Equal(image.GetProperty("b64_json").GetString(), Convert.ToBase64String(await _server.Client.GetByteArrayAsync($"{path}/content")));
        Assert.Equal("image.deleted", (await (await _server.Client.DeleteAsync(path)).JsonAsync()).GetProperty("object").GetString());
        await (await _server.Client.GetAsync(path)).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"prompt":""}""", "prompt")]
    [InlineData("""{"prompt":"a","n":5}""", "n")]
    [InlineData("""{"prompt":"a","response_format":"svg"}""", "response_format")]
    [InlineData("""{"prompt":"a","output_format":"svg"}""", "formats")]
    [InlineData("""{"prompt":"a","background":"pink"}""", "background")]
    [InlineData("""{"prompt":"a","quality":"best"}""", "quality")]
    [InlineData("""{"prompt":"a","seconds":4}""", "seconds")]
    public async Task Generate_WrongField_NamesIt(string json, string param)
    {
        var response = await _server.Client.PostAsync("/v1/images/generations", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(param, (await response.ErrorAsync(HttpStatusCode.BadRequest)).Param);
    }

    private async Task<JsonElement> GenerateAsync(object body) => await (await _server.Client.PostAsJsonAsync("/v1/images/generations", body)).JsonAsync();
}
