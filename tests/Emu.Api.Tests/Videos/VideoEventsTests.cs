using System.Net.ServerSentEvents;
using System.Text.Json;
using Emu.Api.Limits;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Tests.Videos;

public sealed class VideoEventsTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new() { Limits = new ApiLimits { RequestsPerSecond = 0, MaximumWait = TimeSpan.FromSeconds(2) } };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Events_ClosedAndResumed_GiveEveryStateOnceInOrder()
    {
        var id = await CreateAsync("a slow fox");
        var seen = new List<SseItem<JsonElement>>();
        var connections = 0;
        while (seen.LastOrDefault().EventId != "end")
        {
            Assert.True(++connections < 60);
            seen.AddRange(await ListenAsync(id, seen.LastOrDefault().EventId));
        }

        Assert.True(connections > 1, "The response must have ended when its time was up.");
        Assert.Equal("video.completed", seen[^1].EventType);
        Assert.Contains(seen, item => item.EventType == "video.in_progress");
        var versions = seen.SkipLast(1).Select(item => ProgressVersion.TryParse(item.EventId, out var version) ? version : throw new InvalidDataException(item.EventId)).ToArray();
        Assert.Equal(versions.Order().Distinct(), versions);
        Assert.Equal(100, seen[^1].Data.GetProperty("progress").GetInt32());
        Assert.Equal(id, seen[^1].Data.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Events_AfterTheEndWasSeen_Are204()
    {
        var id = await _server.CompletedAsync(new { prompt = "a red fox" });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/events") { Headers = { { "Last-Event-ID", "end" } } };
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await _server.Client.SendAsync(request)).StatusCode);
        Assert.Equal("video.completed", Assert.Single(await ListenAsync(id, null)).EventType);
    }

    [Fact]
    public async Task Events_JobDeletedMeanwhile_SayItAndEnd()
    {
        var id = await CreateAsync("a slow fox");
        var received = new TaskCompletionSource();
        var listening = ListenAsync(id, null, received);
        await received.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await _server.Client.DeleteAsync($"/v1/videos/{id}");
        Assert.Equal(("video.deleted", "end"), (await listening)[^1] is var last ? (last.EventType, last.EventId) : default);
    }

    [Fact]
    public async Task Events_ServerStopsAndStarts_GoOnWhereTheyWere()
    {
        var id = await CreateAsync("a slow fox");
        var received = new TaskCompletionSource();
        var listening = ListenAsync(id, null, received);
        await received.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await _server.StopAsync();
        var before = await listening;
        await _server.StartAsync();

        var after = new List<SseItem<JsonElement>>();
        while (after.LastOrDefault().EventId != "end")
        {
            after.AddRange(await ListenAsync(id, after.LastOrDefault().EventId ?? before.LastOrDefault().EventId));
        }

        Assert.Equal("video.completed", after[^1].EventType);
        Assert.Empty(before.Select(item => item.EventId).Intersect(after.Select(item => item.EventId)));
    }

    private async Task<string> CreateAsync(string prompt) => (await _server.CreateAsync(new { prompt })).GetProperty("id").GetString()!;

    private async Task<List<SseItem<JsonElement>>> ListenAsync(string id, string? lastEventId, TaskCompletionSource? received = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var items = new List<SseItem<JsonElement>>();
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonElement.Parse(data)).EnumerateAsync())
        {
            items.Add(item);
            received?.TrySetResult();
        }

        return items;
    }
}
