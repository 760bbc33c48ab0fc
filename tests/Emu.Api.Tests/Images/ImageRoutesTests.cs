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
        var response = await _server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a slow picture of a red fox", n = 4 });
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

    [Fact]
    public async Task Generate_RespondAsync_GivesTheJobsAtOnce()
    {
        var (response, jobs) = await StartAsync(new { prompt = "a slow picture of a fox", n = 2, seed = 7 });
        Assert.Equal("respond-async", response.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal($"/v1/images/{jobs[0].GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        Assert.Equal([7, 8], jobs.Select(job => job.GetProperty("seed").GetInt64()));
        Assert.All(jobs, job => Assert.Contains(job.GetProperty("status").GetString(), new[] { "queued", "in_progress" }));
        foreach (var job in jobs)
        {
            await _server.Client.DeleteAsync($"/v1/images/{job.GetProperty("id").GetString()}");
        }
    }

    [Fact]
    public async Task List_Pages_GiveEveryImageOnceAndNoVideo()
    {
        for (var index = 0; index < 5; index++)
        {
            await GenerateAsync(new { prompt = $"fox {index}" });
        }

        await _server.CompletedAsync(new { prompt = "a moving fox" });
        var prompts = new List<string?>();
        string? after = null;
        JsonElement page;
        do
        {
            page = await (await _server.Client.GetAsync($"/v1/images?limit=2{(after is null ? "" : $"&after={after}")}")).JsonAsync();
            prompts.AddRange(page.GetProperty("data").EnumerateArray().Select(image => image.GetProperty("prompt").GetString()));
            after = page.GetProperty("last_id").GetString();
        }
        while (page.GetProperty("has_more").GetBoolean());

        Assert.Equal(["fox 4", "fox 3", "fox 2", "fox 1", "fox 0"], prompts);
        Assert.Equal("limit", (await (await _server.Client.GetAsync("/v1/images?limit=0")).ErrorAsync(HttpStatusCode.BadRequest)).Param);
    }

    [Fact]
    public async Task Events_CancelledWhileRunning_EndAsFailed()
    {
        var (_, jobs) = await StartAsync(new { prompt = "a slow picture" });
        var path = $"/v1/images/{jobs[0].GetProperty("id").GetString()}";
        using var events = new StreamReader(await _server.Client.GetStreamAsync($"{path}/events"));
        var names = new List<string>();
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                names.Add(line["event: ".Length..]);
            }

            if (line == "event: image.in_progress" && names.Count(name => name == "image.in_progress") == 1)
            {
                await (await _server.Client.PostAsync($"{path}/cancel", null)).JsonAsync();
            }
        }

        Assert.Equal("image.failed", names[^1]);
        Assert.Equal("cancelled", (await (await _server.Client.GetAsync(path)).JsonAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Link_Image_WorksWithoutAKeyUntilItExpires()
    {
        var image = (await GenerateAsync(new { prompt = "a red fox" })).GetProperty("data")[0];
        var response = await _server.Client.PostAsJsonAsync($"/v1/images/{image.GetProperty("id").GetString()}/links", new { expires_in = 60 });
        var link = await response.JsonAsync();
        Assert.Equal("png", link.GetProperty("variant").GetString());
        Assert.Equal(image.GetProperty("b64_json").GetString(), Convert.ToBase64String(await _server.Client.GetByteArrayAsync(link.GetProperty("url").GetString())));
    }

    [Fact]
    public async Task Format_FurtherOne_IsMadeOfTheKeyframe()
    {
        var image = (await GenerateAsync(new { prompt = "a red fox" })).GetProperty("data")[0];
        var path = $"/v1/images/{image.GetProperty("id").GetString()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/formats") { Content = JsonContent.Create(new { format = "jpeg" }), Headers = { { "Prefer", "wait=60" } } };
        var job = await (await _server.Client.SendAsync(request)).JsonAsync();
        Assert.Equal(["png", "keyframe", "jpeg"], job.GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()));
        Assert.Equal([0xff, 0xd8], (await _server.Client.GetByteArrayAsync($"{path}/content?variant=jpeg"))[..2]);
    }

    private async Task<(HttpResponseMessage Response, JsonElement[] Jobs)> StartAsync(object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/generations") { Content = JsonContent.Create(body), Headers = { { "Prefer", "respond-async" } } };
        var response = await _server.Client.SendAsync(request);
        return (response, [.. (await response.JsonAsync(HttpStatusCode.Accepted)).GetProperty("data").EnumerateArray()]);
    }

    private async Task<JsonElement> GenerateAsync(object body) => await (await _server.Client.PostAsJsonAsync("/v1/images/generations", body)).JsonAsync();
}
