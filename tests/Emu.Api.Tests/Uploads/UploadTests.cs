using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Api.Tests.Uploads;

public sealed class UploadTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Upload_PicturesWithAndWithoutText_BecomeVideosInTheOutputsOnceAlsoAfterARestart()
    {
        await File.WriteAllTextAsync(Path.Combine(_server.UploadsFolder, "cat.txt"), "a cat", Token);
        foreach (var name in new[] { "cat.png", "dog.png", "sub/owl.png" })
        {
            await UploadAsync(name);
        }

        var cat = await ResultAsync("cat.png");
        var dog = await ResultAsync("dog.png");
        await ResultAsync("sub/owl.png");

        Assert.Equal("a cat", cat.GetProperty("prompt").GetString());
        Assert.Equal("", dog.GetProperty("prompt").GetString());
        Assert.Empty(cat.GetProperty("warnings").EnumerateArray());
        Assert.All(new[] { "created_at", "ended_at" }, name => Assert.Matches(@"T\d\d:\d\d:\d\d\.\d{3}Z$", cat.GetProperty(name).GetString()));
        Assert.All(new[] { "cat.png.mp4", "dog.png.mp4", "sub/owl.png.mp4" }, name => Assert.True(new FileInfo(Path.Combine(_server.OutputsFolder, name)).Length > 0));
        Assert.Equal(3, await CountAsync());

        await _server.StopAsync();
        await _server.StartAsync();
        await UploadAsync("hen.png");
        await ResultAsync("hen.png");
        Assert.Equal(4, await CountAsync());
    }

    [Fact]
    public async Task Upload_PictureToEdit_IsEditedAsItsTextSays()
    {
        await File.WriteAllTextAsync(Path.Combine(_server.EditsFolder, "cat.txt"), "make the background blue\nmake the subject darker", Token);
        await File.WriteAllBytesAsync(Path.Combine(_server.EditsFolder, "cat.png"), await Edits.EditPictures.PngAsync(), Token);
        await File.WriteAllTextAsync(Path.Combine(_server.EditsFolder, "dog.txt"), "make the weather nicer tomorrow", Token);
        await File.WriteAllBytesAsync(Path.Combine(_server.EditsFolder, "dog.png"), await Edits.EditPictures.PngAsync(), Token);
        await File.WriteAllBytesAsync(Path.Combine(_server.EditsFolder, "owl.png"), await Edits.EditPictures.PngAsync(), Token);

        var result = await ResultAsync("cat.png.edited");
        Assert.Equal("make the background blue\nmake the subject darker", result.GetProperty("prompt").GetString());
        var edited = await Edits.EditPictures.ReadAsync(await File.ReadAllBytesAsync(Path.Combine(_server.OutputsFolder, "cat.png.edited.png"), Token));
        Assert.Equal([0, 0, 255, 255], edited.Bytes[..4].ToArray());
        Assert.Equal("instruction_not_understood", await ReportAsync("dog.png"));
        Assert.Equal("prompt_missing", await ReportAsync("owl.png"));
    }

    private async Task<string?> ReportAsync(string name)
    {
        var path = Path.Combine(_server.EditsFolder, name + ".error.json");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(path)), $"{name} has a report");
        return JsonElement.Parse(await File.ReadAllTextAsync(path, Token)).GetProperty("error").GetProperty("code").GetString();
    }

    private async Task UploadAsync(string name)
    {
        var path = Path.Combine(_server.UploadsFolder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await new PictureWriter().WriteAsync(Picture.FromSamples(8, 8, new byte[256]), path, cancellationToken: Token);
    }

    private async Task<JsonElement> ResultAsync(string name)
    {
        var path = Path.Combine(_server.OutputsFolder, name + ".json");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(path)), $"{name} has a result");
        var result = JsonElement.Parse(await File.ReadAllTextAsync(path, Token));
        Assert.Equal("completed", result.GetProperty("status").GetString());
        return result;
    }

    private async Task<int> CountAsync() => (await (await _server.Client.GetAsync("/v1/videos?limit=100", Token)).JsonAsync()).GetProperty("data").GetArrayLength();
}
