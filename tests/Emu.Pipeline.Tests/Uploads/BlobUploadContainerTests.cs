using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Emu.Conformance.Azurite;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class BlobUploadContainerTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_BlobsWithAndWithoutAPrompt_DecodesThePromptAndKeepsTheVersion()
    {
        var (container, uploads) = await CreateAsync();
        await PutAsync(container, "pets/cat.png", "picture", "ein%20Kater%20%F0%9F%90%88");
        await PutAsync(container, "dog.png", "other", null);

        var files = await uploads.ListAsync(Token).ToListAsync(Token);

        Assert.Equal([("dog.png", null), ("pets/cat.png", "ein Kater 🐈")], files.Select(file => (file.Name, file.Prompt)).Order());
        Assert.Equal(files.Single(file => file.Name == "dog.png").ETag, (await uploads.FindAsync("dog.png", Token))!.ETag);
        Assert.Null(await uploads.FindAsync("owl.png", Token));
    }

    [Fact]
    public async Task ListAsync_BlobThatStandsForAFolder_IsNotSeen()
    {
        var (container, uploads) = await CreateAsync();
        var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } };
        await container.GetBlobClient("pets").UploadAsync(BinaryData.FromString(""), options, Token);
        await PutAsync(container, "pets/cat", "picture", null);

        Assert.Equal(["pets/cat"], await uploads.ListAsync(Token).Select(file => file.Name).ToListAsync(Token));
        Assert.Null(await uploads.FindAsync("pets", Token));
    }

    [Fact]
    public async Task ReadAsync_ReplacedMeanwhile_IsNull()
    {
        var (container, uploads) = await CreateAsync();
        await PutAsync(container, "cat.png", "first", null);
        var file = (await uploads.FindAsync("cat.png", Token))!;
        Assert.Equal("first", Encoding.UTF8.GetString((await uploads.ReadAsync(file, 100, Token))!));
        Assert.Null(await uploads.ReadAsync(file, 4, Token));

        await PutAsync(container, "cat.png", "other", null);

        Assert.Null(await uploads.ReadAsync(file, 100, Token));
        Assert.NotEqual(file.ETag, (await uploads.FindAsync("cat.png", Token))!.ETag);
    }

    [Fact]
    public async Task WriteAsync_AResult_HasItsContentType()
    {
        var (container, uploads) = await CreateAsync();
        using var content = new MemoryStream("video"u8.ToArray());

        await uploads.WriteAsync("cat.png.mp4", "video/mp4", content, Token);

        Assert.Equal("video/mp4", (await container.GetBlobClient("cat.png.mp4").GetPropertiesAsync(cancellationToken: Token)).Value.ContentType);
    }

    private static async Task PutAsync(BlobContainerClient container, string name, string content, string? prompt)
    {
        var options = new BlobUploadOptions();
        if (prompt is not null)
        {
            options.Metadata = new Dictionary<string, string> { [BlobUploadContainer.PromptKey] = prompt };
        }

        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), options, Token);
    }

    private async Task<(BlobContainerClient Container, BlobUploadContainer Uploads)> CreateAsync()
    {
        var container = new BlobServiceClient(azurite.Connection, QuickRetries.Options).GetBlobContainerClient("uploads-" + Guid.NewGuid().ToString("N")[..12]);
        await container.CreateAsync(cancellationToken: Token);
        return (container, new BlobUploadContainer(container));
    }
}
