using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Videos;

public sealed class VideoContentTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new();
    private string _id = "";

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _id = await _server.CompletedAsync(new { prompt = "a red fox", formats = new[] { "mp4", "gif", "webp", "apng", "webm" } });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Content_EveryVariant_HasItsTypeNameAndBytes()
    {
        (string? Variant, string Type, string Name, byte[] Start)[] expected =
        [
            (null, "video/mp4", $"{_id}.mp4", [0, 0, 0]),
            ("video", "video/mp4", $"{_id}.mp4", [0, 0, 0]),
            ("gif", "image/gif", $"{_id}.gif", "GIF89a"u8.ToArray()),
            ("webp", "image/webp", $"{_id}.webp", "RIFF"u8.ToArray()),
            ("apng", "image/apng", $"{_id}.apng", [0x89, 0x50]),
            ("webm", "video/webm", $"{_id}.webm", [0x1a, 0x45]),
            ("thumbnail", "image/webp", $"{_id}-thumbnail.webp", "RIFF"u8.ToArray()),
            ("spritesheet", "image/jpeg", $"{_id}-spritesheet.jpg", [0xff, 0xd8]),
            ("keyframe", "image/png", $"{_id}-keyframe.png", [0x89, 0x50]),
        ];
        foreach (var (variant, type, name, start) in expected)
        {
            var response = await _server.Client.GetAsync(Path(variant));
            var bytes = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
            Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
            Assert.Equal(start, bytes[..start.Length]);
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", response.Headers.ETag?.Tag);
            Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
            Assert.NotNull(response.Content.Headers.LastModified);
        }

        await (await _server.Client.GetAsync(Path("avi"))).ErrorAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Content_Ranges_GiveThatPart()
    {
        var whole = await _server.Client.GetByteArrayAsync(Path(null));
        foreach (var (range, expected) in new[] { ("bytes=0-9", whole[..10]), ("bytes=10-", whole[10..]), ("bytes=-5", whole[^5..]) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { Range = RangeHeaderValue.Parse(range) } };
            var response = await _server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal(whole.Length, response.Content.Headers.ContentRange?.Length);
            Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());
        }

        using var beyond = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { Range = new RangeHeaderValue(whole.Length, whole.Length + 5) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await _server.Client.SendAsync(beyond)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "items=0-1")]
    [InlineData("GET", "pages=1-2")]
    [InlineData("GET", "bytes")]
    [InlineData("GET", "bytes=x-y")]
    [InlineData("GET", "bytes=5-1")]
    [InlineData("GET", "bytes=0-1,4-5")]
    [InlineData("HEAD", "bytes=0-9")]
    [InlineData("HEAD", "items=0-1")]
    public async Task Content_RangeThatIsToBeIgnored_IsTheWhole(string method, string range)
    {
        var whole = await _server.Client.GetByteArrayAsync(Path(null));
        using var request = new HttpRequestMessage(new HttpMethod(method), Path(null));
        request.Headers.TryAddWithoutValidation("Range", range);
        var response = await _server.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, whole.Length), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Null(response.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task Content_RangeUnitInCapitals_IsAPart()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(null));
        request.Headers.TryAddWithoutValidation("Range", "Bytes=0-9");
        Assert.Equal(HttpStatusCode.PartialContent, (await _server.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Content_KnownETagOrHead_SendsNoBody()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, Path(null));
        var first = await _server.Client.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Content.Headers.ContentLength > 0);

        using var again = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await _server.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Link_WithoutAKey_OpensThatFileUntilTheJobIsDeleted()
    {
        var link = await (await _server.Client.PostAsJsonAsync($"/v1/videos/{_id}/links", new { variant = "gif", expires_in = 60 })).JsonAsync();
        var url = link.GetProperty("url").GetString()!;
        var key = _server.Keys.Create("owner of what was made without keys", "local");
        await _server.KeysNeededAsync();
        await (await _server.Client.GetAsync(Path("gif"))).ErrorAsync(HttpStatusCode.Unauthorized);

        var response = await _server.Client.GetAsync(url);
        Assert.Equal("image/gif", response.Content.Headers.ContentType?.ToString());
        await (await _server.Client.GetAsync(url.Replace("variant=gif", "variant=webp", StringComparison.Ordinal))).ErrorAsync(HttpStatusCode.Forbidden);

        using var owner = _server.ClientOf(key.Secret);
        Assert.True((await owner.DeleteAsync($"/v1/videos/{_id}")).IsSuccessStatusCode);
        await (await _server.Client.GetAsync(url)).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Link_UnknownVariantOrLife_IsRefused()
    {
        Assert.Equal("variant", (await (await _server.Client.PostAsJsonAsync($"/v1/videos/{_id}/links", new { variant = "avi" })).ErrorAsync(HttpStatusCode.BadRequest)).Param);
        Assert.Equal("expires_in", (await (await _server.Client.PostAsJsonAsync($"/v1/videos/{_id}/links", new { expires_in = 1 })).ErrorAsync(HttpStatusCode.BadRequest)).Param);
    }

    [Fact]
    public async Task Everything_OfAnotherOwner_Is404()
    {
        using var stranger = _server.ClientOf(_server.Keys.Create("stranger", null).Secret);
        await _server.KeysNeededAsync();
        await (await stranger.GetAsync($"/v1/videos/{_id}")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/v1/videos/{_id}/content")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/v1/videos/{_id}/events")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsync($"/v1/videos/{_id}/cancel", null)).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsJsonAsync($"/v1/videos/{_id}/remix", new { prompt = "a" })).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsJsonAsync($"/v1/videos/{_id}/links", new { })).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.DeleteAsync($"/v1/videos/{_id}")).ErrorAsync(HttpStatusCode.NotFound);
        Assert.Empty((await (await stranger.GetAsync("/v1/videos")).JsonAsync()).GetProperty("data").EnumerateArray());
    }

    private string Path(string? variant) => $"/v1/videos/{_id}/content{(variant is null ? "" : $"?variant={variant}")}";
}
