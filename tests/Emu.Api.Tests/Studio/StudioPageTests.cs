using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Studio;

public sealed partial class StudioPageTests
{
    [Fact]
    public async Task Page_EveryFileThatItNames_IsThere()
    {
        await using var server = await TestServer.StartAsync();
        var page = await server.Client.GetStringAsync("/");
        var files = Reference().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.Contains("studio/app.js", files);
        Assert.Contains("studio/studio.css", files);
        foreach (var file in files)
        {
            Assert.True((await server.Client.GetAsync(file)).IsSuccessStatusCode, file);
        }
    }

    [Theory]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    public async Task Page_ClientThatReadsCompressedFiles_GetsTheSameInFewerBytes(string accepted, string encoding)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/studio/studio.css") { Headers = { { "Accept-Encoding", accepted } } };
        var response = await server.Client.SendAsync(request);
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var compressed = await response.Content.ReadAsByteArrayAsync();
        await using Stream content = encoding == "br" ? new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress) : new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var plain = await server.Client.GetStringAsync("/studio/studio.css");
        Assert.Equal(plain, await new StreamReader(content).ReadToEndAsync());
        Assert.InRange(compressed.Length, 1, plain.Length / 2);
    }

    [Fact]
    public async Task Page_Scripts_ImportOnlyWhatThePagePreloads()
    {
        await using var server = await TestServer.StartAsync();
        var page = await server.Client.GetStringAsync("/");
        var scripts = Reference().Matches(page).Select(match => match.Groups[1].Value).Where(file => file.EndsWith(".js", StringComparison.Ordinal)).ToHashSet();
        foreach (var script in scripts)
        {
            var imported = Import().Matches(await server.Client.GetStringAsync(script)).Select(match => $"studio/{match.Groups[1].Value}");
            Assert.Empty(imported.Except(scripts));
        }
    }

    [Fact]
    public async Task Page_Headers_AllowNothingFromElsewhere()
    {
        await using var server = await TestServer.StartAsync();
        var response = await server.Client.GetAsync("/");
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Page_SameCopy_IsNotSentAgain()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.Client.GetAsync("/studio/app.js");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/studio/app.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("/studio/none.js")]
    [InlineData("/studio/StudioPage.cs")]
    [InlineData("/studio/..%2findex.html")]
    public async Task Page_UnknownFile_IsNotFound(string path)
    {
        await using var server = await TestServer.StartAsync();
        await (await server.Client.GetAsync(path)).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Page_ServerWithKeys_NeedsNoneForThePageItself()
    {
        await using var server = await TestServer.StartAsync();
        server.Keys.Create("phone", null);
        await Eventually.TrueAsync(async () => (await server.Client.GetAsync("/v1/models")).StatusCode == HttpStatusCode.Unauthorized, "keys are needed");
        using var request = new HttpRequestMessage(HttpMethod.Head, "/") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(request)).StatusCode);
    }

    [GeneratedRegex("(?:href|src)=\"(studio/[^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("from '\\./([^']+)'")]
    private static partial Regex Import();
}
