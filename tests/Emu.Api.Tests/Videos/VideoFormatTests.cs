using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Orchestrations;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Api.Tests.Videos;

public sealed class VideoFormatTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Fact]
    public async Task Format_MadeLater_IsWhatWouldHaveBeenMadeAtOnce()
    {
        var both = await server.CompletedAsync(new { prompt = "a red fox", seed = 3, formats = new[] { "mp4", "gif" } });
        var one = await server.CompletedAsync(new { prompt = "a red fox", seed = 3 });
        var job = await (await MakeAsync(one, "gif", wait: true)).JsonAsync();
        Assert.Equal(["mp4", "thumbnail", "spritesheet", "keyframe", "gif"], VariantsOf(job));
        Assert.Equal(["mp4"], job.GetProperty("formats").EnumerateArray().Select(format => format.GetString()));
        Assert.Equal(await ContentAsync(both, "gif"), await ContentAsync(one, "gif"));
    }

    [Fact]
    public async Task Format_WithoutWaiting_IsMadeOnceInTheBackground()
    {
        var id = await server.CompletedAsync(new { prompt = "a blue fox" });
        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MakeAsync(id, "webp", wait: false)));
        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK));
        await Eventually.TrueAsync(async () => VariantsOf(await server.RetrieveAsync(id)).Contains("webp"), "the format is there");
        Assert.Single(VariantsOf(await server.RetrieveAsync(id)), variant => variant == "webp");
    }

    [Fact]
    public async Task Format_AfterARestartOfTheServer_IsStillMade()
    {
        await using var own = new PipelineServer();
        await own.InitializeAsync();
        var id = await own.CompletedAsync(new { prompt = "a green fox" });
        await own.StopAsync();
        await own.StartAsync();
        using var request = Request(id, "apng", wait: true);
        Assert.Contains("apng", VariantsOf(await (await own.Client.SendAsync(request)).JsonAsync()));
    }

    [Fact]
    public async Task Format_WrongRequests_SayWhy()
    {
        var id = await server.CompletedAsync(new { prompt = "a grey fox" });
        var unknown = await (await MakeAsync(id, "avi", wait: true)).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("format", unknown.Param);
        Assert.Contains("mp4, gif, webp, apng, webm", unknown.Message, StringComparison.Ordinal);
        Assert.Equal("format", (await (await server.Client.PostAsJsonAsync($"/v1/videos/{id}/formats", new { })).ErrorAsync(HttpStatusCode.BadRequest)).Param);

        var slow = (await server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        Assert.Equal("job_not_completed", (await (await MakeAsync(slow, "gif", wait: true)).ErrorAsync(HttpStatusCode.Conflict)).Code);
        await server.Client.DeleteAsync($"/v1/videos/{slow}");
        await (await MakeAsync(slow, "gif", wait: true)).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Delete_JobWithAFurtherFormat_LeavesNoFileAndNoOrchestration()
    {
        var id = await server.CompletedAsync(new { prompt = "a pink fox" });
        await (await MakeAsync(id, "gif", wait: true)).JsonAsync();
        var engine = server.Services.GetRequiredService<IOrchestrationClient>();
        Assert.NotNull(await engine.GetStatusAsync(OrchestrationNames.FormatInstance(id, "gif"), CancellationToken.None));
        await server.Client.DeleteAsync($"/v1/videos/{id}");
        Assert.Null(await engine.GetStatusAsync(OrchestrationNames.FormatInstance(id, "gif"), CancellationToken.None));
        var left = new List<string>();
        await foreach (var file in server.Store.ListAsync($"jobs/{id}/", null, CancellationToken.None))
        {
            left.Add(file.Name);
        }

        Assert.Equal([$"jobs/{id}/job.json"], left);
    }

    [Fact]
    public async Task Keyframe_JobAtWork_IsThereBeforeTheEnd()
    {
        var id = (await server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        JsonElement video = default;
        await Eventually.TrueAsync(async () => VariantsOf(video = await server.RetrieveAsync(id)).Contains("keyframe"), "the keyframe is listed");
        Assert.Equal("in_progress", video.GetProperty("status").GetString());
        var early = await ContentAsync(id, "keyframe");
        Assert.Equal("job_not_completed", (await (await server.Client.GetAsync($"/v1/videos/{id}/content")).ErrorAsync(HttpStatusCode.Conflict)).Code);
        await server.EndedAsync(id);
        Assert.Equal(early, await ContentAsync(id, "keyframe"));
    }

    [Fact]
    public async Task Keyframe_NotDrawnYet_IsAConflict()
    {
        var id = (await server.CreateAsync(new { prompt = "a slow picture" })).GetProperty("id").GetString()!;
        await server.InProgressAsync(id);
        Assert.Empty(VariantsOf(await server.RetrieveAsync(id)));
        Assert.Equal("job_not_completed", (await (await server.Client.GetAsync($"/v1/videos/{id}/content?variant=keyframe")).ErrorAsync(HttpStatusCode.Conflict)).Code);
        await server.Client.DeleteAsync($"/v1/videos/{id}");
    }

    private static string[] VariantsOf(JsonElement job) => [.. job.GetProperty("variants").EnumerateArray().Select(variant => variant.GetString()!)];

    private static HttpRequestMessage Request(string id, string format, bool wait)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/videos/{id}/formats") { Content = JsonContent.Create(new { format }) };
        if (wait)
        {
            request.Headers.Add("Prefer", "wait=60");
        }

        return request;
    }

    private async Task<HttpResponseMessage> MakeAsync(string id, string format, bool wait)
    {
        using var request = Request(id, format, wait);
        return await server.Client.SendAsync(request);
    }

    private Task<byte[]> ContentAsync(string id, string variant) => server.Client.GetByteArrayAsync($"/v1/videos/{id}/content?variant={variant}");
}
