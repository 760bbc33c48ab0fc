using System.Diagnostics;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;

namespace Emu.Pipeline.Tests.Artifacts;

public sealed class FolderArtifactStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenOwned_OwnedAlready_IsRefused()
    {
        using var first = FolderArtifactStore.OpenOwned(_folder.Path);

        var refused = Assert.Throws<FolderInUseException>(() => FolderArtifactStore.OpenOwned(_folder.Path));

        Assert.Equal(_folder.Path, refused.Folder);
    }

    [Fact]
    public void OpenOwned_AfterDispose_Opens()
    {
        FolderArtifactStore.OpenOwned(_folder.Path).Dispose();
        FolderArtifactStore.OpenOwned(_folder.Path).Dispose();
    }

    [Fact]
    public async Task ListAsync_WrittenBeside_IsSeenByTheOwner()
    {
        using var owner = FolderArtifactStore.OpenOwned(_folder.Path);
        using var beside = FolderArtifactStore.OpenBeside(_folder.Path);
        for (var i = 0; i < 300; i++)
        {
            await owner.CreateAsync($"inflight/local/{i:d4}", default, Cancellation);
        }

        Assert.Equal(300, await CountAsync(owner));
        await beside.CreateAsync("inflight/local/0150-beside", default, Cancellation);
        await beside.CreateAsync("inflight/other/1", default, Cancellation);
        await beside.DeleteAsync("inflight/local/0000", Cancellation);

        Assert.Equal(301, await CountAsync(owner));
        Assert.Equal(301, await CountAsync(beside));
    }

    [Fact]
    public async Task UpdateAsync_OwnerAndBeside_LoseNoCount()
    {
        using var owner = FolderArtifactStore.OpenOwned(_folder.Path);
        using var beside = FolderArtifactStore.OpenBeside(_folder.Path);
        await owner.CreateAsync("count", "0"u8.ToArray(), Cancellation);

        await Task.WhenAll(CountUpAsync(owner), CountUpAsync(beside));

        Assert.Equal("200", System.Text.Encoding.UTF8.GetString((await owner.ReadAsync("count", Cancellation))!.Content.Span));

        static async Task CountUpAsync(IArtifactStore store)
        {
            await Task.Yield();
            for (var done = 0; done < 100;)
            {
                var current = await store.ReadAsync("count", Cancellation);
                var next = int.Parse(System.Text.Encoding.UTF8.GetString(current!.Content.Span), null) + 1;
                done += await store.UpdateAsync("count", System.Text.Encoding.UTF8.GetBytes($"{next}"), current.ETag, Cancellation) is null ? 0 : 1;
            }
        }
    }

    [Fact]
    public async Task DeleteAsync_LastOfItsFolder_RemovesTheFolder()
    {
        using var store = FolderArtifactStore.OpenOwned(_folder.Path);
        await store.CreateAsync("jobs/a/b/c", default, Cancellation);
        await store.CreateAsync("jobs/d", default, Cancellation);

        await store.DeleteAsync("jobs/a/b/c", Cancellation);

        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "jobs", "a")));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "jobs", "d")));
    }

    [Fact]
    public async Task WriteAsync_IntoFoldersThatOthersEmpty_Succeeds()
    {
        using var store = FolderArtifactStore.OpenOwned(_folder.Path);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await store.CreateAsync($"shared/deep/{worker}-{i}", default, Cancellation);
                Assert.True(await store.DeleteAsync($"shared/deep/{worker}-{i}", Cancellation));
            }
        })));

        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "shared")));
    }

    [Fact]
    public async Task OpenOwned_AfterAKilledOwner_RemovesItsTemporaryFiles()
    {
        using (var store = FolderArtifactStore.OpenOwned(_folder.Path))
        {
            await store.CreateAsync("kept", "x"u8.ToArray(), Cancellation);
        }

        var left = Path.Combine(_folder.Path, ".emu", "tmp", "owner-left");
        await File.WriteAllTextAsync(left, "half", Cancellation);

        using var again = FolderArtifactStore.OpenOwned(_folder.Path);

        Assert.False(File.Exists(left));
        Assert.NotNull(await again.FindAsync("kept", Cancellation));
    }

    [Fact]
    public async Task WriteAsync_DiskFull_SaysSoAndLeavesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A small disk can be mounted only by root on Linux.");
        var mount = Path.Combine(_folder.Path, "small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount) == 0, "A small disk cannot be mounted here.");
        try
        {
            using var store = FolderArtifactStore.OpenOwned(mount);
            await store.CreateAsync("kept", "old"u8.ToArray(), Cancellation);
            await store.WriteAsync("big", (stream, token) => stream.WriteAsync(new byte[1024 * 1024], token).AsTask(), Cancellation);

            var full = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.WriteAsync("more", (stream, token) => stream.WriteAsync(new byte[3 * 1024 * 1024], token).AsTask(), Cancellation));
            var small = await Assert.ThrowsAsync<ArtifactStoreException>(() => store.WriteAsync("kept", (stream, token) => stream.WriteAsync(new byte[2 * 1024 * 1024], token).AsTask(), Cancellation));

            Assert.Contains("disk is full", full.Message, StringComparison.Ordinal);
            Assert.True(small.Retryable);
            Assert.Null(await store.FindAsync("more", Cancellation));
            Assert.Equal(3, (await store.FindAsync("kept", Cancellation))!.Length);
            Assert.Empty(Directory.GetFiles(Path.Combine(mount, ".emu", "tmp")));
            Assert.True(store.AvailableBytes is > 0 and < 2 * 1024 * 1024);
        }
        finally
        {
            Run("umount", "-l", mount);
        }
    }

    [Fact]
    public async Task WriteAsync_FlushedToDisk_IsThere()
    {
        using var store = FolderArtifactStore.OpenOwned(_folder.Path, new FolderArtifactStoreOptions { FlushToDisk = true });

        await store.CreateAsync("small", "1"u8.ToArray(), Cancellation);
        await store.WriteAsync("large", (stream, token) => stream.WriteAsync(new byte[100_000], token).AsTask(), Cancellation);

        Assert.Equal(1, (await store.FindAsync("small", Cancellation))!.Length);
        Assert.Equal(100_000, (await store.FindAsync("large", Cancellation))!.Length);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static async Task<int> CountAsync(FolderArtifactStore store)
    {
        var count = 0;
        await foreach (var _ in store.ListAsync("inflight/", null, Cancellation))
        {
            count++;
        }

        return count;
    }
}
