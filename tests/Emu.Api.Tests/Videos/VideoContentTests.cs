using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Videos;

public sealed class VideoContentTests : IAsyncLifetime
{
    private readonly PipelineServer server = new();
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        id = await server.CompletedAsync(new { prompt = "a red fox", formats = new[] { "mp4", "gif", "webp", "apng", "webm" } });
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Content_EveryVariant_HasItsTypeNameAndBytes()
    {
        (string? Variant, string Type, string Name, byte[] Start)[] expected =
        [
            (null, "video/mp4", $"{id}.mp4", [0, 0, 0]),
            ("video", "video/mp4", $"{id}.mp4", [0, 0, 0]),
            ("gif", "image/gif", $"{id}.gif", "GIF89a"u8.ToArray()),
            ("webp", "image/webp", $"{id}.webp", "RIFF"u8.ToArray()),
            ("apng", "image/apng", $"{id}.apng", [0x89, 0x50]),
            ("webm", "video/webm", $"{id}.webm", [0x1a, 0x45]),
            ("thumbnail", "image/webp", $"{id}-thumbnail.webp", "RIFF"u8.ToArray()),
            ("spritesheet", "image/jpeg", $"{id}-spritesheet.jpg", [0xff, 0xd8]),
            ("keyframe", "image/png", $"{id}-keyframe.png", [0x89, 0x50]),
        ];
        foreach (var (variant, type, name, start) in expected)
        {
            var response = await server.Client.GetAsync(Path(variant));
            var bytes = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
            Assert.Equal(name, response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
            Assert.Equal(start, bytes[..start.Length]);
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", response.Headers.ETag?.Tag);
            Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
            Assert.NotNull(response.Content.Headers.LastModified);
        }

        await (await server.Client.GetAsync(Path("avi"))).ErrorAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Content_Ranges_GiveThatPart()
    {
        var whole = await server.Client.GetByteArrayAsync(Path(null));
        foreach (var (range, expected) in new[] { ("bytes=0-9", whole[..10]), ("bytes=10-", whole[10..]), ("bytes=-5", whole[^5..]) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { Range = RangeHeaderValue.Parse(range) } };
            var response = await server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal(whole.Length, response.Content.Headers.ContentRange?.Length);
            Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());
        }

        using var beyond = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { Range = new RangeHeaderValue(whole.Length, whole.Length + 5) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await server.Client.SendAsync(beyond)).StatusCode);
    }

    [Fact]
    public async Task Content_KnownETagOrHead_SendsNoBody()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, Path(null));
        var first = await server.Client.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Content.Headers.ContentLength > 0);

        using var again = new HttpRequestMessage(HttpMethod.Get, Path(null)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Link_WithoutAKey_OpensThatFileUntilTheJobIsDeleted()
    {
        var link = await (await server.Client.PostAsJsonAsync($"/v1/videos/{id}/links", new { variant = "gif", expires_in = 60 })).JsonAsync();
        var url = link.GetProperty("url").GetString()!;
        var key = server.Keys.Create("owner of what was made without keys", "local");
        await Task.Delay(1100);
        await (await server.Client.GetAsync(Path("gif"))).ErrorAsync(HttpStatusCode.Unauthorized);

        var response = await server.Client.GetAsync(url);
        Assert.Equal("image/gif", response.Content.Headers.ContentType?.ToString());
        await (await server.Client.GetAsync(url.Replace("variant=gif", "variant=webp", StringComparison.Ordinal))).ErrorAsync(HttpStatusCode.Forbidden);

        using var owner = server.ClientOf(key.Secret);
        Assert.True((await owner.DeleteAsync($"/v1/videos/{id}")).IsSuccessStatusCode);
        await (await server.Client.GetAsync(url)).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Link_UnknownVariantOrLife_IsRefused()
    {
        Assert.Equal("variant", (await (await server.Client.PostAsJsonAsync($"/v1/videos/{id}/links", new { variant = "avi" })).ErrorAsync(HttpStatusCode.BadRequest)).Param);
        Assert.Equal("expires_in", (await (await server.Client.PostAsJsonAsync($"/v1/videos/{id}/links", new { expires_in = 1 })).ErrorAsync(HttpStatusCode.BadRequest)).Param);
    }

    [Fact]
    public async Task Everything_OfAnotherOwner_Is404()
    {
        using var stranger = server.ClientOf(server.Keys.Create("stranger", null).Secret);
        await Task.Delay(1100);
        await (await stranger.GetAsync($"/v1/videos/{id}")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/v1/videos/{id}/content")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.GetAsync($"/v1/videos/{id}/events")).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsync($"/v1/videos/{id}/cancel", null)).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsJsonAsync($"/v1/videos/{id}/remix", new { prompt = "a" })).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.PostAsJsonAsync($"/v1/videos/{id}/links", new { })).ErrorAsync(HttpStatusCode.NotFound);
        await (await stranger.DeleteAsync($"/v1/videos/{id}")).ErrorAsync(HttpStatusCode.NotFound);
        Assert.Empty((await (await stranger.GetAsync("/v1/videos")).JsonAsync()).GetProperty("data").EnumerateArray());
    }

    private string Path(string? variant) => $"/v1/videos/{id}/content{(variant is null ? "" : $"?variant={variant}")}";
}
