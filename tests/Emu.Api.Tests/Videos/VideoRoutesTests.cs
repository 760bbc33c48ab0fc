using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Api.Tests.Videos;

public sealed class VideoRoutesTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Fact]
    public async Task Create_Json_Is202WithItsLocationAndEveryDefault()
    {
        var response = await server.Client.PostAsJsonAsync("/v1/videos", new { prompt = "a red fox", seconds = 2, size = "32x32", seed = 7, guidance = 1.5, steps = 3, deadline = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds() });
        var video = await response.JsonAsync(HttpStatusCode.Accepted);

        Assert.Equal($"/v1/videos/{video.GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        Assert.Equal("2", video.GetProperty("seconds").GetString());
        Assert.Equal("32x32", video.GetProperty("size").GetString());
        Assert.Equal("sketch", video.GetProperty("model").GetString());
        Assert.Equal("ddim", video.GetProperty("noise_scheduler").GetString());
        Assert.Equal(["mp4"], video.GetProperty("formats").EnumerateArray().Select(format => format.GetString()));
        Assert.Equal(1.5, video.GetProperty("guidance").GetDouble());
        Assert.Equal(JsonValueKind.Null, video.GetProperty("completed_at").ValueKind);
    }

    [Fact]
    public async Task Create_MotionAndCamera_AreInTheResponse()
    {
        var asked = await server.CreateAsync(new { prompt = "a red fox", motion = "bounce,0.8; spin back", camera = "pan" });
        Assert.Equal(("bounce,0.8;spin back", "pan"), (asked.GetProperty("motion").GetString(), asked.GetProperty("camera").GetString()));
        var left = await server.CreateAsync(new { prompt = "a red fox" });
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (left.GetProperty("motion").ValueKind, left.GetProperty("camera").ValueKind));
    }

    [Theory]
    [InlineData("""{"prompt":""}""", "prompt", "missing_required_parameter")]
    [InlineData("""{}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"prompt":7}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt":"a","sise":"64x64"}""", "sise", "unknown_parameter")]
    [InlineData("""{"prompt":"a","target":"line"}""", "target", "invalid_value")]
    [InlineData("""{"prompt":"a","target":"telegram","formats":["gif"]}""", "formats", "invalid_value")]
    [InlineData("""{"prompt":"a","target":"telegram","size":"64x64"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a","max_bytes":999}""", "max_bytes", "invalid_value")]
    [InlineData("""{"prompt":"a","size":"1280x720"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a","size":"big"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a","seconds":"12"}""", "seconds", "invalid_value")]
    [InlineData("""{"prompt":"a","seconds":"soon"}""", "seconds", "invalid_value")]
    [InlineData("""{"prompt":"a","seconds":[4]}""", "seconds", "invalid_type")]
    [InlineData("""{"prompt":"a","formats":["avi"]}""", "formats", "invalid_value")]
    [InlineData("""{"prompt":"a","seed":-1}""", "seed", "invalid_value")]
    [InlineData("""{"prompt":"a","steps":0}""", "steps", "invalid_value")]
    [InlineData("""{"prompt":"a","steps":101}""", "steps", "invalid_value")]
    [InlineData("""{"prompt":"a","guidance":11}""", "guidance", "invalid_value")]
    [InlineData("""{"prompt":"a","image_guidance":2}""", "image_guidance", "invalid_value")]
    [InlineData("""{"prompt":"a","noise_scheduler":"magic"}""", "noise_scheduler", "invalid_value")]
    [InlineData("""{"prompt":"a","motion":"bounced"}""", "motion", "invalid_value")]
    [InlineData("""{"prompt":"a","camera":"zooms"}""", "camera", "invalid_value")]
    [InlineData("""{"prompt":"a","model":"sora-2"}""", "model", "model_not_found")]
    [InlineData("""{"prompt":"a","deadline":1}""", "deadline", "invalid_value")]
    [InlineData("""{"prompt":"a","metadata":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":"","12":"","13":"","14":"","15":"","16":"","17":""}}""", "metadata", "invalid_value")]
    [InlineData("""{"prompt":"a","webhook_url":"ftp://x"}""", "webhook_url", "invalid_value")]
    [InlineData("""{"prompt":"a","input_reference":{"file_id":"file_1"}}""", "input_reference.file_id", "unsupported_parameter")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"http://127.0.0.1/a.png"}}""", "input_reference.image_url", "unsupported_url")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"data:image/png,abc"}}""", "input_reference.image_url", "invalid_data_url")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"data:image/png;base64,~~~~"}}""", "input_reference.image_url", "invalid_data_url")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"data:image/png;base64,AAAA"}}""", "input_reference", "picture_format_unsupported")]
    [InlineData("""{"prompt":"a","input_reference":{"colour":"red"}}""", "input_reference.colour", "unknown_parameter")]
    [InlineData("""{"prompt":"a","input_reference":7}""", "input_reference", "invalid_type")]
    public async Task Create_WrongField_NamesItAndStoresNothing(string json, string param, string code)
    {
        await server.IdleAsync();
        var before = await server.CountJobArtifactsAsync();
        var response = await server.Client.PostAsync("/v1/videos", new StringContent(json, Encoding.UTF8, "application/json"));
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal((param, code, "invalid_request_error"), (error.Param, error.Code, error.Type));
        Assert.Equal(before, await server.CountJobArtifactsAsync());
    }

    [Fact]
    public async Task Create_PromptOverTheLimit_IsRefused() =>
        Assert.Equal("prompt", (await (await server.Client.PostAsJsonAsync("/v1/videos", new { prompt = new string('a', 1001) })).ErrorAsync(HttpStatusCode.BadRequest)).Param);

    [Fact]
    public async Task Create_DecompressionBomb_IsRefusedByItsSize()
    {
        // A PNG header that promises 60000 by 60000 pixels.
        var png = await PictureAsync(8);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(png), "input_reference", "bomb.png" } };
        var error = await (await server.Client.PostAsync("/v1/videos", form)).ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal(("input_reference", "picture_too_many_pixels"), (error.Param, error.Code));
    }

    [Fact]
    public async Task Create_PictureWithoutPrompt_IsTaken()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await PictureAsync(8)), "input_reference", "red.png" } };
        await (await server.Client.PostAsync("/v1/videos", form)).JsonAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Create_TooManyBytes_Is413()
    {
        var response = await server.Client.PostAsync("/v1/videos", new ByteArrayContent(new byte[33 * 1024 * 1024]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });
        Assert.Equal("body_too_long", (await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge)).Code);
    }

    [Fact]
    public async Task Create_PreferWait_RespondsAtTheEndOrInTime()
    {
        using var done = Post(new { prompt = "a red fox" }, "Prefer", "respond-async, wait=60");
        var response = await server.Client.SendAsync(done);
        Assert.Equal("completed", (await response.JsonAsync()).GetProperty("status").GetString());
        Assert.Equal("wait=60", response.Headers.GetValues("Preference-Applied").Single());

        using var slow = Post(new { prompt = "a slow fox" }, "Prefer", "wait=1");
        Assert.NotEqual("completed", (await (await server.Client.SendAsync(slow)).JsonAsync(HttpStatusCode.Accepted)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Create_SameIdempotencyKeyAtOnce_MakesOneJob()
    {
        var key = Guid.NewGuid().ToString();
        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var request = Post(new { prompt = "a red fox" }, "Idempotency-Key", key);
            var response = await server.Client.SendAsync(request);
            return (response.StatusCode, Body: JsonElement.Parse(await response.Content.ReadAsStringAsync()));
        }));

        Assert.All(responses, response => Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict]));
        Assert.Single(responses.Where(response => response.StatusCode != HttpStatusCode.Conflict).Select(response => response.Body.GetProperty("id").GetString()).Distinct());
        using var other = Post(new { prompt = "a blue fox" }, "Idempotency-Key", key);
        Assert.Equal("idempotency_mismatch", (await (await server.Client.SendAsync(other)).ErrorAsync(HttpStatusCode.UnprocessableEntity)).Code);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("video_00000000000070008000000000000000")]
    [InlineData("image_00000000000070008000000000000000")]
    [InlineData("..%2f..%2fkeys.json")]
    public async Task Retrieve_UnknownId_Is404(string id) =>
        Assert.Equal("not_found", (await (await server.Client.GetAsync($"/v1/videos/{id}")).ErrorAsync(HttpStatusCode.NotFound)).Code);

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=x", "limit")]
    [InlineData("?order=up", "order")]
    [InlineData("?after=nonsense", "after")]
    [InlineData("?status=odd", "status")]
    [InlineData("?page=2", "page")]
    [InlineData("?limit=1&limit=2", "limit")]
    public async Task List_WrongQuery_NamesTheParameter(string query, string param) =>
        Assert.Equal(param, (await (await server.Client.GetAsync($"/v1/videos{query}")).ErrorAsync(HttpStatusCode.BadRequest)).Param);

    [Fact]
    public async Task Cancel_AtWork_EndsAsFailedWithItsCode()
    {
        var id = (await server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        await (await server.Client.PostAsync($"/v1/videos/{id}/cancel", null)).JsonAsync();
        var video = await server.EndedAsync(id);
        Assert.Equal(("failed", "cancelled"), (video.GetProperty("status").GetString(), video.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Retrieve_FailedJob_SaysWhy()
    {
        var id = (await server.CreateAsync(new { prompt = "a broken fox" })).GetProperty("id").GetString()!;
        var error = (await server.EndedAsync(id)).GetProperty("error");
        Assert.Equal("unsupported", error.GetProperty("code").GetString());
        Assert.Equal("job_not_completed", (await (await server.Client.GetAsync($"/v1/videos/{id}/content")).ErrorAsync(HttpStatusCode.Conflict)).Code);
    }

    [Fact]
    public async Task Delete_AtWork_IsGone()
    {
        var id = (await server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        Assert.True((await (await server.Client.DeleteAsync($"/v1/videos/{id}")).JsonAsync()).GetProperty("deleted").GetBoolean());
        await (await server.Client.GetAsync($"/v1/videos/{id}")).ErrorAsync(HttpStatusCode.NotFound);
        var ids = (await (await server.Client.GetAsync("/v1/videos?limit=100")).JsonAsync()).GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString());
        Assert.DoesNotContain(id, ids);
    }

    private static HttpRequestMessage Post(object body, string header, string value) =>
        new(HttpMethod.Post, "/v1/videos") { Content = JsonContent.Create(body), Headers = { { header, value } } };

    private static async Task<byte[]> PictureAsync(int side)
    {
        using var stream = new MemoryStream();
        await new PictureWriter().WriteAsync(Picture.Filled(side, side, new PictureColor(255, 0, 0, 255)), stream);
        return stream.ToArray();
    }
}
