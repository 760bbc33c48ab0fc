using System.Text;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Tests.Webhooks;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

public sealed class UploadWatcherTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly LogRecorder<UploadWatcher> _log = new();
    private FolderArtifactStore _store = null!;
    private UploadRoute _route = null!;
    private UploadHandler _handler = null!;

    public static TheoryData<string> Damages => new("", "{", "null", "[]", "{}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = FolderArtifactStore.OpenOwned(Path.Combine(_folder.Path, "store"));
        var jobs = new JobService(_store, client: null, options: new JobServiceOptions { DiskReserve = 0 });
        await jobs.Models.PublishAsync(TestModels.Sticker, Token);
        var uploads = new FolderUploadContainer(Path.Combine(_folder.Path, "uploads"), "uploads", TimeSpan.Zero, _time);
        _route = new UploadRoute(uploads, uploads, new UploadOptions { Owner = "alice", TextWait = TimeSpan.Zero });
        _handler = new UploadHandler(_store, jobs, new AcceptingValidator(), _time);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task HandleAsync_ClaimDamaged_NamesTheClaim(string damage)
    {
        await PutAsync("a.png");
        var claim = await DamageClaimAsync("a.png", damage);

        var damaged = await Assert.ThrowsAsync<ArtifactStoreException>(() => _handler.HandleAsync(_route, "a.png", new UploadListing(["a.png"]), Token));

        Assert.False(damaged.Retryable);
        Assert.Contains(claim, damaged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task PollAsync_OneClaimDamaged_StartsTheOthersAndLogsItOnce(string damage)
    {
        await PutAsync("a.png");
        await PutAsync("b.png");
        await PutAsync("c.png");
        var claim = await DamageClaimAsync("b.png", damage);
        var watcher = new UploadWatcher(_handler, _route, _time, _log);

        await watcher.PollAsync(Token);
        await watcher.PollAsync(Token);

        Assert.Equal(["a.png", "c.png"], (await StartedAsync()).Order());
        var line = Assert.Single(_log.Lines);
        Assert.Contains("b.png", line, StringComparison.Ordinal);
        Assert.Contains(claim, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PollAsync_DamagedClaimRemoved_StartsTheUpload()
    {
        await PutAsync("a.png");
        var claim = await DamageClaimAsync("a.png", "{");
        var watcher = new UploadWatcher(_handler, _route, _time, _log);
        Assert.Equal(1, await watcher.PollAsync(Token));

        await _store.DeleteAsync(claim, Token);

        Assert.Equal(0, await watcher.PollAsync(Token));
        Assert.Equal(["a.png"], await StartedAsync());
    }

    [Fact]
    public async Task PollAsync_OneFileMayNotBeRead_StartsTheOthers()
    {
        await PutAsync("a.png");
        await PutAsync("b.png");
        await PutAsync("c.png");
        var route = _route with { Uploads = new RefusingContainer(_route.Uploads, "b.png") };

        await new UploadWatcher(_handler, route, _time, _log).PollAsync(Token);

        Assert.Equal(["a.png", "c.png"], (await StartedAsync()).Order());
        Assert.Contains("b.png", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private async Task<List<string>> StartedAsync()
    {
        var jobs = new JobService(_store, client: null);
        return [.. (await jobs.ListAsync("alice", new JobQuery { Limit = 100 }, Token)).Jobs.Select(job => job.Record.Request.Upload!.Name)];
    }

    private async Task PutAsync(string name)
    {
        var path = Path.Combine(((FolderUploadContainer)_route.Uploads).Folder, name);
        await File.WriteAllTextAsync(path, name, Token);
        File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime.AddMinutes(-10));
    }

    private async Task<string> DamageClaimAsync(string upload, string content)
    {
        var file = (await _route.Uploads.FindAsync(upload, Token))!;
        var name = UploadClaim.NameOf(_route.Uploads.Name, file.Name, file.ETag);
        await _store.CreateAsync(name, Encoding.UTF8.GetBytes(content), Token);
        return name;
    }

    private sealed class AcceptingValidator : IImageValidator
    {
        public Task<InputPicture> ValidateAsync(ReadOnlyMemory<byte> file, ImageLimits limits, CancellationToken cancellationToken) =>
            Task.FromResult(new InputPicture(file, "png"));
    }

    /// <summary>A container in which one file may not be read.</summary>
    private sealed class RefusingContainer(IUploadContainer inner, string refused) : IUploadContainer
    {
        public string Name => inner.Name;

        public bool ShowsUnfinishedFiles => inner.ShowsUnfinishedFiles;

        public IAsyncEnumerable<UploadedFile> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public Task<UploadedFile?> FindAsync(string name, CancellationToken cancellationToken) => inner.FindAsync(name, cancellationToken);

        public Task<byte[]?> ReadAsync(UploadedFile file, long maximumLength, CancellationToken cancellationToken) =>
            file.Name == refused ? throw new UnauthorizedAccessException($"Access to '{refused}' is denied.") : inner.ReadAsync(file, maximumLength, cancellationToken);

        public Task WriteAsync(string name, string contentType, Stream content, CancellationToken cancellationToken) => inner.WriteAsync(name, contentType, content, cancellationToken);
    }
}
