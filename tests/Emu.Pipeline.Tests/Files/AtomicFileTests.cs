using Emu.Pipeline.Files;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_folder.Path, "target");

    private string Temporary => Path.Combine(_folder.Path, "temporary");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_FileThereAlready_IsReplacedAndNothingElseIsLeft(bool flush)
    {
        File.WriteAllText(Target, "a longer text than the new one");

        AtomicFile.Write(Target, "new"u8, new AtomicFileOptions { FlushToDisk = flush });

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task WriteAsync_AnyLength_WritesTheWholeStream(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);

        await AtomicFile.WriteAsync(Target, new MemoryStream(content), new AtomicFileOptions { FlushToDisk = true }, Token);

        Assert.Equal(content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task WriteAsync_SourceFails_LeavesTheOldFileOnly()
    {
        await File.WriteAllTextAsync(Target, "old", Token);
        await using var source = new FailingStream();

        await Assert.ThrowsAsync<InvalidDataException>(() => AtomicFile.WriteAsync(Target, source, null, Token));

        Assert.Equal("old", await File.ReadAllTextAsync(Target, Token));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_TargetIsAFolder_LeavesNothing()
    {
        Directory.CreateDirectory(Target);

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(Target, "new"u8));

        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_OwnerOnly_HasMode600FromTheBeginning()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var options = new AtomicFileOptions { OwnerOnly = true };
        File.WriteAllText(Target, "readable for everybody");

        using (AtomicFile.Create(Temporary, options))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Temporary));
        }

        AtomicFile.Write(Target, "secret"u8, options);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void MoveTo_FolderMadeAfterAFailure_MovesTheWholeContent()
    {
        var target = Path.Combine(_folder.Path, "new", "target");
        using (var file = AtomicFile.Create(Temporary))
        {
            file.Stream.Write("content"u8);
            Assert.ThrowsAny<IOException>(() => file.MoveTo(target));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file.MoveTo(target);
        }

        Assert.Equal("content", File.ReadAllText(target));
        Assert.False(File.Exists(Temporary));
    }

    [Fact]
    public void Create_TemporaryFileExists_IsRefusedAndKeepsIt()
    {
        File.WriteAllText(Temporary, "another's");

        Assert.ThrowsAny<IOException>(() => AtomicFile.Create(Temporary, "new"u8));

        Assert.Equal("another's", File.ReadAllText(Temporary));
    }

    private sealed class FailingStream : MemoryStream
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(new byte[200_000], cancellationToken);
            throw new InvalidDataException("The source broke.");
        }
    }
}
