using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

/// <summary>One job on a folder store, whose stages a test runs as the pipeline would: as activities, in slices.</summary>
internal sealed class StageRunner : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<StageActivity> _activities;
    private readonly JobDraft _draft;
    private readonly ModelLibrary _models;

    /// <param name="models">The model.</param>
    /// <param name="draft">The job.</param>
    /// <param name="budget">How long a slice may take; one tick cuts after every step.</param>
    public StageRunner(ModelLibrary models, JobDraft draft, TimeSpan? budget = null)
    {
        Store = FolderArtifactStore.OpenOwned(_folder.Path);
        _models = models;
        _draft = draft;
        var options = new StageOptions { TimeBudget = budget ?? TimeSpan.FromMinutes(10) };
        _activities = [.. ModelStages.Create(models).Select(stage => new StageActivity(stage, Store, options))];
    }

    public FolderArtifactStore Store { get; }

    public string Id { get; private set; } = "";

    /// <summary>How many slices the last stage took.</summary>
    public int Slices { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task CreateAsync(ReadOnlyMemory<byte>? picture = null, FrameSize? pictureSize = null)
    {
        var id = JobId.New(_draft.Kind, DateTimeOffset.UtcNow);
        Id = id.ToString();
        var name = _models.Names[0];
        var input = picture is null ? null : JobNames.Input(Id, "png");
        var request = JobRequestChecks.Resolve(_draft, ModelCapabilitiesBuilder.Build(_models.Get(name).Package, name, isDefault: true), new JobArtifacts(input, Size: pictureSize), DateTimeOffset.UtcNow);
        if (picture is { } content)
        {
            await Store.CreateAsync(input!, content, Token);
        }

        await CreateAsync(request);
    }

    public Task<bool> CreateAsync(JobRequest request)
    {
        Id = Id.Length == 0 ? JobId.New(request.Kind, DateTimeOffset.UtcNow).ToString() : Id;
        return new JobRecords(Store).CreateAsync(new JobRecord { Id = Id, Owner = Owner.Local, Request = request, CreatedAt = DateTimeOffset.UtcNow }, Token);
    }

    /// <summary>Runs a stage to its end.</summary>
    public async Task<StageResult> RunAsync(string stage, string[] reads, int? chunk = null, int? chunks = null)
    {
        var activity = _activities.Single(candidate => candidate.Name == stage);
        var call = new StageCall(Id, new StageSpan(1, 5, 0, 20), reads, chunk, chunks);
        var result = await activity.RunAsync(call, 1, Token);
        for (Slices = 1; !result.Done; Slices++)
        {
            result = await activity.RunAsync(call with { Unit = result.Unit, Checkpoint = result.Checkpoint }, 1, Token);
        }

        return result;
    }

    /// <summary>A file that a stage left, by its manifest.</summary>
    public async Task<byte[]> ReadAsync(string stage, string file)
    {
        var manifest = await new StageManifests(Store, Id).FindAsync(stage, Token);
        var content = await Store.ReadAsync(manifest!.Find(file)!.Artifact, Token);
        return content!.Content.ToArray();
    }

    /// <summary>Latents that a stage left.</summary>
    public async Task<FloatTensor> LatentsAsync(string stage, string file)
    {
        using var content = new MemoryStream(await ReadAsync(stage, file));
        return (await SafetensorsFile.ReadAsync(content, cancellationToken: Token)).GetFloats("latents");
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
