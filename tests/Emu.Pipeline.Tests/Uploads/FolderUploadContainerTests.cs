using System.Text;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class FolderUploadContainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-uploads-").FullName;
    private readonly FolderUploadContainer _container;

    public FolderUploadContainerTests() => _container = new FolderUploadContainer(_folder, "uploads", TimeSpan.FromSeconds(2), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ListAsync_FileAtRest_IsSeenWithSubfolderAndVersion()
    {
        Put("pets/cat.png", "picture", age: TimeSpan.FromMinutes(1));

        var file = Assert.Single(await ListAsync());

        Assert.Equal("pets/cat.png", file.Name);
        Assert.Equal(7, file.Length);
        Assert.Null(file.Prompt);
        Assert.Equal(file, await _container.FindAsync("pets/cat.png", Token));
    }

    [Theory]
    [InlineData("cat.png.part")]
    [InlineData("cat.png.crdownload")]
    [InlineData(".cat.png")]
    [InlineData("cat.png~")]
    public async Task ListAsync_NameOfAnUnfinishedFile_IsNotSeen(string name)
    {
        Put(name, "picture", age: TimeSpan.FromMinutes(1));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task ListAsync_FileJustWritten_IsNotSeen()
    {
        Put("cat.png", "half", age: TimeSpan.Zero);

        Assert.Empty(await ListAsync());
        Assert.Null(await _container.FindAsync("cat.png", Token));
    }

    [Fact]
    public async Task ListAsync_FileReplaced_HasAnotherVersion()
    {
        Put("cat.png", "first", age: TimeSpan.FromMinutes(2));
        var before = Assert.Single(await ListAsync());
        Put("cat.png", "other", age: TimeSpan.FromMinutes(1));

        Assert.NotEqual(before.ETag, Assert.Single(await ListAsync()).ETag);
        Assert.Null(await _container.ReadAsync(before, 100, Token));
    }

    [Fact]
    public async Task ReadAsync_LongerThanAllowed_IsNull()
    {
        Put("cat.png", "picture", age: TimeSpan.FromMinutes(1));
        var file = Assert.Single(await ListAsync());

        Assert.Null(await _container.ReadAsync(file, 6, Token));
        Assert.Equal("picture", Encoding.UTF8.GetString((await _container.ReadAsync(file, 7, Token))!));
    }

    [Fact]
    public async Task WriteAsync_FailsMidway_LeavesNothing()
    {
        await using var broken = new BrokenStream();

        await Assert.ThrowsAsync<IOException>(() => _container.WriteAsync("out/cat.mp4", "video/mp4", broken, Token));

        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WriteAsync_FileThereAlready_IsReplaced()
    {
        Put("cat.json", "old", age: TimeSpan.FromMinutes(1));
        await using var content = new MemoryStream("new"u8.ToArray());

        await _container.WriteAsync("cat.json", "application/json", content, Token);

        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(_folder, "cat.json"), Token));
        Assert.Single(Directory.EnumerateFiles(_folder));
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside.png")]
    public async Task FindAsync_NameOutsideTheFolder_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _container.FindAsync(name, Token));

    private async Task<List<UploadedFile>> ListAsync()
    {
        var files = new List<UploadedFile>();
        await foreach (var file in _container.ListAsync(Token))
        {
            files.Add(file);
        }

        return files;
    }

    private void Put(string name, string content, TimeSpan age)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The source broke.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The source broke.");
    }
}
