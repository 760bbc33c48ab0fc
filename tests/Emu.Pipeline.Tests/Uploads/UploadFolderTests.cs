using System.Text.Json;
using Emu.Generation.Images;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Tests.Webhooks;
using Emu.Pipeline.Uploads;

namespace Emu.Pipeline.Tests.Uploads;

/// <summary>An upload folder, a store and a model, for tests of the handler.</summary>
public abstract class UploadFolderTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-upload-jobs-").FullName;

    private readonly ImageUploadValidator _images = new();
    private FolderArtifactStore _store = null!;
    private JobService _jobs = null!;
    private FolderUploadContainer _uploads = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected ManualTime Time { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _store = FolderArtifactStore.OpenOwned(Path.Combine(_folder, "store"));
        _jobs = new JobService(_store, client: null, options: new JobServiceOptions { DiskReserve = 0 });
        await _jobs.Models.PublishAsync(
            new ModelCapabilities
            {
                Name = "sticker",
                IsDefault = true,
                Kinds = [JobKind.Video],
                AcceptsPicture = true,
                Sizes = [new FrameSize(512, 512)],
                Seconds = [4],
                Steps = new NumberRange(1, 100, 25),
                VideoFormats = ["mp4"],
                MaximumPromptLength = 100,
            },
            Token);
        _uploads = new FolderUploadContainer(Path.Combine(_folder, "uploads"), "uploads", TimeSpan.Zero, Time);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _images.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected async Task<UploadOutcome> HandleAsync(string name, bool requireText = false)
    {
        var route = new UploadRoute(_uploads, _uploads, new UploadOptions { Owner = "alice", RequireText = requireText });
        return await new UploadHandler(_store, _jobs, _images, Time).HandleAsync(route, name, await UploadListing.ReadAsync(_uploads, Token), Token);
    }

    protected async Task<List<JobRecord>> JobsAsync()
    {
        var page = await _jobs.ListAsync("alice", new JobQuery { Limit = 100 }, Token);
        return [.. page.Jobs.Select(job => job.Record)];
    }

    protected async Task<UploadReport> ReportAsync(string name) =>
        JsonSerializer.Deserialize<UploadReport>(await File.ReadAllBytesAsync(PathOf(name + UploadName.ReportExtension), Token), PipelineJson.Options)!;

    protected string PathOf(string name) => Path.Combine(_uploads.Folder, name);

    protected async Task PutTextAsync(string name, string text)
    {
        await File.WriteAllTextAsync(PathOf(name), text, Token);
        Stamp(name);
    }

    protected async Task PutPictureAsync(string name, int width = 8)
    {
        await new PictureWriter().WriteAsync(Picture.FromSamples(width, 8, new byte[width * 8 * 4]), PathOf(name), cancellationToken: Token);
        Stamp(name);
    }

    protected void Stamp(string name) => File.SetLastWriteTimeUtc(PathOf(name), Time.GetUtcNow().UtcDateTime);
}
