using Emu.Pipeline.Files;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LockFile => Path.Combine(_folder.Path, "lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_HeldTooLong_NamesTheLockFile()
    {
        using var held = FileLock.Acquire(LockFile, TimeSpan.Zero);

        var refused = Assert.Throws<FileLockedException>(() => FileLock.Acquire(LockFile, TimeSpan.Zero));
        var late = await Assert.ThrowsAsync<FileLockedException>(async () => await FileLock.AcquireAsync(LockFile, TimeSpan.FromMilliseconds(50), Token));

        Assert.Equal(LockFile, refused.Path);
        Assert.Equal(LockFile, late.Path);
        Assert.Contains(LockFile, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_GivenBackMeanwhile_TakesIt()
    {
        var held = FileLock.Acquire(LockFile, TimeSpan.Zero);
        var waiting = FileLock.AcquireAsync(LockFile, Long, Token).AsTask();
        var blocking = Task.Run(() => FileLock.Acquire(LockFile, Long), Token);
        Assert.False(waiting.IsCompleted);

        held.Dispose();
        (await await Task.WhenAny(waiting, blocking)).Dispose();

        (await waiting).Dispose();
        (await blocking).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_Stops()
    {
        using var held = FileLock.Acquire(LockFile, TimeSpan.Zero);
        using var cancellation = new CancellationTokenSource();
        var waiting = FileLock.AcquireAsync(LockFile, Long, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task AcquireAsync_ManyAtOnce_HoldItOneAfterTheOther()
    {
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    using var held = await FileLock.AcquireAsync(LockFile, Long, Token);
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                }
            },
            Token)));
    }

    // Only a lock that is held elsewhere is waited for.
    [Fact]
    public async Task Acquire_FolderMissing_FailsAtOnce()
    {
        var path = Path.Combine(_folder.Path, "missing", "lock");

        Assert.Throws<DirectoryNotFoundException>(() => FileLock.Acquire(path, Long));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await FileLock.AcquireAsync(path, Long, Token));
        Assert.False(FileLock.IsSharingViolation(new DirectoryNotFoundException()));
        Assert.False(FileLock.IsSharingViolation(new IOException("The disk is full.", 28)));
    }

    [Fact]
    public void SetContent_Shorter_ReplacesWhatTheFileHeld()
    {
        using (var held = FileLock.Acquire(LockFile, TimeSpan.Zero))
        {
            held.SetContent("12345"u8);
            held.SetContent("67"u8);
        }

        Assert.Equal("67", File.ReadAllText(LockFile));
    }
}
