using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Edits;

/// <summary>Sessions of edits: versions, branches, undo, files, events, owners, retries.</summary>
public sealed class EditSessionTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Versions_InstructedBranchedAndUndone_FormATree()
    {
        var picture = await EditPictures.PngAsync();
        var session = await BeginAsync(picture, "make the background blue");
        Assert.Equal((2, 2), (session.GetProperty("versions").GetArrayLength(), session.GetProperty("current").GetInt32()));
        Assert.Equal(picture, await ContentAsync(session, 1));

        var third = await InstructAsync(session, new { instruction = new[] { "make the subject darker", "make the subject warmer" } });
        Assert.Equal((3, 2, "completed"), (third.GetProperty("version").GetInt32(), third.GetProperty("from").GetInt32(), third.GetProperty("status").GetString()));
        Assert.Equal(["make the subject darker", "make the subject warmer"], third.GetProperty("instructions").EnumerateArray().Select(line => line.GetString()));
        Assert.Equal(2, third.GetProperty("plan").GetArrayLength());
        Assert.InRange(third.GetProperty("kept_share").GetDouble(), 0.5, 0.99);

        var branch = await InstructAsync(session, new { instruction = "make it sepia", from = 1 });
        Assert.Equal((4, 1), (branch.GetProperty("version").GetInt32(), branch.GetProperty("from").GetInt32()));
        Assert.Equal(4, (await GetAsync(session)).GetProperty("current").GetInt32());

        Assert.Equal(1, (await UndoAsync(session)).GetProperty("current").GetInt32());
        Assert.Equal("nothing_to_undo", (await _server.Client.PostAsync($"{PathOf(session)}/undo", null, Token).ErrorAsync(HttpStatusCode.Conflict)).Code);
        Assert.Equal(4, (await GetAsync(session)).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Version_ItsFiles_CanBeDownloaded()
    {
        var session = await BeginAsync(await EditPictures.PngAsync(), "make the background blue");
        foreach (var path in new[] { "content", "mask", "mask?of=subject", "compare", "content?variant=thumbnail" })
        {
            var file = await _server.Client.GetAsync($"{PathOf(session)}/versions/2/{path}", Token);
            Assert.True(file.IsSuccessStatusCode, path);
            Assert.StartsWith("image/", file.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
        }

        var sepia = await InstructAsync(session, new { instruction = "make it sepia" });
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client.GetAsync($"{PathOf(session)}/versions/{sepia.GetProperty("version")}/mask", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client.GetAsync($"{PathOf(session)}/versions/9", Token)).StatusCode);
        Assert.Equal("invalid_value", (await _server.Client.GetAsync($"{PathOf(session)}/versions/1/compare", Token).ErrorAsync(HttpStatusCode.BadRequest)).Code);
    }

    [Fact]
    public async Task Version_AnimatedAsAVideosInput_BecomesItsFirstFrame()
    {
        var session = await BeginAsync(await EditPictures.PngAsync(), "make the background blue");
        var reference = new { edit_id = Id(session), version = 2 };
        var video = await _server.CreateAsync(new { prompt = "it waves", input_reference = reference });
        Assert.True(video.GetProperty("has_input_reference").GetBoolean());
        var form = EditPictures.Form(("prompt", "it waves"), ("input_reference[edit_id]", Id(session)));
        Assert.True((await _server.Client.PostAsync("/v1/videos", form, Token).JsonAsync(HttpStatusCode.Accepted)).GetProperty("has_input_reference").GetBoolean());
        var missing = await _server.Client.PostAsJsonAsync("/v1/videos", new { prompt = "it waves", input_reference = reference with { version = 7 } }, Token);
        await missing.ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Session_OfAnotherOwner_DoesNotExist()
    {
        var (anna, ben) = (_server.Keys.Create("a", "anna"), _server.Keys.Create("b", "ben"));
        await _server.KeysNeededAsync();
        using var annas = _server.ClientOf(anna.Secret);
        using var bens = _server.ClientOf(ben.Secret);
        var session = await annas.PostAsync("/v1/edits", EditPictures.Form(("image", await EditPictures.PngAsync())), Token).JsonAsync();
        Assert.Equal(1, session.GetProperty("versions").GetArrayLength());
        await bens.GetAsync(PathOf(session), Token).ErrorAsync(HttpStatusCode.NotFound);
        await bens.DeleteAsync(PathOf(session), Token).ErrorAsync(HttpStatusCode.NotFound);
        await bens.PostAsJsonAsync($"{PathOf(session)}/versions", new { instruction = "make it sepia" }, Token).ErrorAsync(HttpStatusCode.NotFound);
        Assert.Empty((await bens.GetAsync("/v1/edits", Token).JsonAsync()).GetProperty("data").EnumerateArray());
        Assert.Single((await annas.GetAsync("/v1/edits", Token).JsonAsync()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Retries_WithAKey_AddNothing()
    {
        var picture = await EditPictures.PngAsync();
        var (first, again) = (await BeginAsync(picture, "make it sepia", "k1"), await BeginAsync(picture, "make it sepia", "k1"));
        Assert.Equal(Id(first), Id(again));
        Assert.Equal(2, again.GetProperty("versions").GetArrayLength());
        var other = await SendAsync("/v1/edits", EditPictures.Form(("image", picture), ("instruction", "make it brighter")), "k1");
        await other.ErrorAsync(HttpStatusCode.UnprocessableEntity);

        var body = new { instruction = "make it brighter" };
        var (version, replayed) = (await SendAsync($"{PathOf(first)}/versions", JsonContent.Create(body), "k2"), await SendAsync($"{PathOf(first)}/versions", JsonContent.Create(body), "k2"));
        Assert.Equal("true", replayed.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal((await version.JsonAsync()).GetProperty("job_id").GetString(), (await replayed.JsonAsync()).GetProperty("job_id").GetString());
        await (await SendAsync($"{PathOf(first)}/versions", JsonContent.Create(new { instruction = "make it darker" }), "k2")).ErrorAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(3, (await GetAsync(first)).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Begin_Refused_LeavesNothing()
    {
        var picture = await EditPictures.PngAsync();
        var refused = await SendAsync("/v1/edits", EditPictures.Form(("image", picture), ("instruction", "make the weather nicer tomorrow")), "k");
        var error = await refused.ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("instruction", "instruction_not_understood"), (error.Param, error.Code));
        await _server.Client.PostAsync("/v1/edits", EditPictures.Form(("instruction", "make it sepia")), Token).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Empty((await _server.Client.GetAsync("/v1/edits", Token).JsonAsync()).GetProperty("data").EnumerateArray());
        Assert.Equal(0, await _server.CountJobArtifactsAsync());
        Assert.Equal(2, (await BeginAsync(picture, "make it sepia", "k")).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Version_AtWork_IsNotEditedAndUndoCancelsIt()
    {
        var session = await _server.Client.PostAsync("/v1/edits", EditPictures.Form(("image", await EditPictures.PngAsync(CornerFinder.SlowCorner)), ("instruction", "make the background blue")), Token).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("version_not_completed", (await _server.Client.PostAsJsonAsync($"{PathOf(session)}/versions", new { instruction = "make it sepia" }, Token).ErrorAsync(HttpStatusCode.Conflict)).Code);
        Assert.Equal(1, (await UndoAsync(session)).GetProperty("current").GetInt32());
        JsonElement version = default;
        await Eventually.TrueAsync(async () => (version = await _server.Client.GetAsync($"{PathOf(session)}/versions/2", Token).JsonAsync()).GetProperty("status").GetString() == "failed", "the version has ended");
        Assert.Equal("cancelled", version.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Version_ServerRestartedInTheMiddle_IsMadeAllTheSame()
    {
        var session = await _server.Client.PostAsync("/v1/edits", EditPictures.Form(("image", await EditPictures.PngAsync(CornerFinder.SlowCorner)), ("instruction", "make the background blue")), Token).JsonAsync(HttpStatusCode.Accepted);
        await Eventually.TrueAsync(async () => (await _server.Client.GetAsync($"{PathOf(session)}/versions/2", Token).JsonAsync()).GetProperty("stage").GetString() == "mask", "the mask is looked for");
        await _server.StopAsync();
        _server.Finder.Gate.SetResult();
        await _server.StartAsync();
        await Eventually.TrueAsync(async () => (await _server.Client.GetAsync($"{PathOf(session)}/versions/2", Token).JsonAsync()).GetProperty("status").GetString() == "completed", "the version is there");
    }

    [Fact]
    public async Task Delete_RemovesEveryTrace()
    {
        var session = await BeginAsync(await EditPictures.PngAsync(), "make the background blue");
        var job = session.GetProperty("versions")[1].GetProperty("job_id").GetString();
        Assert.Equal("edit.session.deleted", (await _server.Client.DeleteAsync(PathOf(session), Token).JsonAsync()).GetProperty("object").GetString());
        await _server.Client.GetAsync(PathOf(session), Token).ErrorAsync(HttpStatusCode.NotFound);
        await _server.Client.GetAsync($"/v1/images/edits/{job}", Token).ErrorAsync(HttpStatusCode.NotFound);
        Assert.False(await _server.Store.ListAsync("sessions/", null, Token).AnyAsync(Token));
    }

    [Fact]
    public async Task List_OfEditJobs_SaysWhichBelongToASession()
    {
        var session = await BeginAsync(await EditPictures.PngAsync(), "make it sepia");
        await _server.Client.PostAsync("/v1/images/edits", EditPictures.Form(("image", await EditPictures.PngAsync()), ("prompt", "make it warmer")), Token).JsonAsync();
        var jobs = (await _server.Client.GetAsync("/v1/images/edits", Token).JsonAsync()).GetProperty("data").EnumerateArray();
        Assert.Equal(
            [("make it warmer", null), ("make it sepia", Id(session))],
            jobs.Select(job => (job.GetProperty("prompt").GetString()!, job.GetProperty("session_id").GetString())));
    }

    [Fact]
    public async Task Events_OfAVersion_EndWithIt()
    {
        var session = await BeginAsync(await EditPictures.PngAsync(), "make it sepia");
        Assert.Equal("edit.completed", (await ListenAsync(session, 2))[^1].EventType);
        var last = (await ListenAsync(session, 1))[^1];
        Assert.Equal(("edit.completed", 1), (last.EventType, last.Data.GetProperty("version").GetInt32()));
    }

    private static string Id(JsonElement session) => session.GetProperty("id").GetString()!;

    private static string PathOf(JsonElement session) => $"/v1/edits/{Id(session)}";

    private Task<HttpResponseMessage> SendAsync(string path, HttpContent content, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Prefer", "wait=60" } } };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _server.Client.SendAsync(request, Token);
    }

    private async Task<JsonElement> BeginAsync(byte[] picture, string instruction, string? key = null)
    {
        var session = await SendAsync("/v1/edits", EditPictures.Form(("image", picture), ("instruction", instruction)), key).JsonAsync();
        Assert.True(session.GetProperty("versions")[1].GetProperty("status").GetString() == "completed", session.GetRawText());
        return session;
    }

    private Task<JsonElement> InstructAsync(JsonElement session, object body) => SendAsync($"{PathOf(session)}/versions", JsonContent.Create(body)).JsonAsync();

    private Task<JsonElement> GetAsync(JsonElement session) => _server.Client.GetAsync(PathOf(session), Token).JsonAsync();

    private Task<JsonElement> UndoAsync(JsonElement session) => _server.Client.PostAsync($"{PathOf(session)}/undo", null, Token).JsonAsync();

    private Task<byte[]> ContentAsync(JsonElement session, int version) => _server.Client.GetByteArrayAsync($"{PathOf(session)}/versions/{version}/content", Token);

    private async Task<List<SseItem<JsonElement>>> ListenAsync(JsonElement session, int version)
    {
        await using var stream = await _server.Client.GetStreamAsync($"{PathOf(session)}/versions/{version}/events", Token);
        return await SseParser.Create(stream, (_, data) => JsonElement.Parse(data)).EnumerateAsync(Token).ToListAsync(Token);
    }
}
