using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tests.Onnx;
using Emu.Durable.Abstractions;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Generation.Edits;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Edits;

/// <summary>The stage that edits, with a tiny InstructPix2Pix in real graphs.</summary>
public sealed class EditStageTests : IDisposable
{
    private const string Name = "tiny-pix2pix";
    private const string Winter = "make it look like winter";

    private readonly TemporaryFolder _folder = new();
    private readonly EditSources _sources = new();
    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });
    private readonly MiniPackage _package = new("StableDiffusionInstructPix2PixPipeline", new MiniDenoiser { InputChannels = 8 });
    private readonly ModelLibrary _models;
    private readonly FolderArtifactStore _store;

    public EditStageTests()
    {
        _models = new ModelLibrary(_sessions, [new(Name, _package.Path)]);
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _package.Dispose();
        _sessions.Dispose();
        _folder.Dispose();
    }

    // Three steps of denoising an instruction. A slice that ends one begins the next.
    [Theory]
    [InlineData(Winter, 3)]
    [InlineData("make it sepia\n" + Winter + "\nflip it\nadd snow to the mountains", 5)]
    public async Task Run_CutAfterEveryStep_EndsBitIdentical(string prompt, int slices)
    {
        var whole = await RunAsync(await CreateAsync(prompt), TimeSpan.FromMinutes(10));
        var cut = await RunAsync(await CreateAsync(prompt), TimeSpan.FromTicks(1));

        Assert.Equal((1, slices), (whole.Slices, cut.Slices));
        Assert.Equal(whole.Files, cut.Files);
    }

    [Fact]
    public async Task Run_WithAMask_ChangesNothingOutsideIt()
    {
        var id = await CreateAsync(Winter, withMask: true);
        await RunAsync(id, TimeSpan.FromMinutes(10));
        await RunAsync(new CompositeStage(_sources), id, [StageNames.Mask, StageNames.Edit]);

        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Composite, Token))!;
        var edited = await new SourcePictureReader().ReadAsync((await _store.ReadAsync(manifest.Find("image.png")!.Artifact, Token))!.Content, Token);
        var kept = PixelExact.KeptShare(Source(), edited, Token);
        Assert.InRange(kept, 0.5, 0.99);
        Assert.Equal(kept, (await new JobRecords(_store).FindAsync(id, Token))!.Edit!.KeptShare);
        Assert.Equal(Winter, (await new JobRecords(_store).FindAsync(id, Token))!.Edit!.Plan!.Value[0].GetProperty("operation").GetProperty("instruction").GetString());
    }

    [Fact]
    public async Task Run_PackageWithTheWrongChannels_FailsAndSaysWhatWasExpected()
    {
        using MiniPackage wrong = new("StableDiffusionInstructPix2PixPipeline", new MiniDenoiser { InputChannels = 4 });
        var id = await CreateAsync(Winter);
        await RunAsync(new UnderstandStage(), id, []);
        await RunAsync(new MaskStage(new NoFinder(), _sources), id, [StageNames.Understand]);

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => RunAsync(new EditStage(new NoFinder(), _sources, new ModelLibrary(_sessions, [new(Name, wrong.Path)])), id, [StageNames.Understand, StageNames.Mask]));

        Assert.Equal((FailureCodes.ModelUnavailable, false), (failed.Failure.Code, failed.Failure.Retryable));
        Assert.Contains("8", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Capabilities_OfAPackageThatEdits_SayKindTasksAndGuidances()
    {
        var capabilities = ModelCapabilitiesBuilder.Build(_models.Get(Name).Package, Name, isDefault: false);

        Assert.Equal([JobKind.Edit], capabilities.Kinds);
        Assert.True(capabilities.FollowsInstructions);
        Assert.Equal(EditPlans.TaskNames, capabilities.EditTasks);
        Assert.Equal((100, 7.5, 1.5), (capabilities.Steps.Default, capabilities.Guidance!.Default, capabilities.ImageGuidance!.Default));
    }

    private async Task<string> CreateAsync(string prompt, bool withMask = false)
    {
        var id = JobId.New(JobKind.Edit, DateTimeOffset.UtcNow).ToString();
        using var file = new MemoryStream();
        await new SourcePictureWriter().WriteAsync(Source(), file, null, Token);
        var input = ImageUploadValidator.Identify(file.ToArray(), ImageLimits.Default);
        var (artifact, mask) = (JobNames.Input(id, input.Extension), withMask ? JobNames.Input(id, "png", "mask") : null);
        await _store.CreateAsync(artifact, input.Content, Token);
        if (mask is not null)
        {
            using var painted = new MemoryStream();
            await new PictureWriter().WriteAsync(EditMask.CreateByRows(160, 120, static (_, row) => row[..(row.Length / 2)].Fill(255)).ToPicture(), painted, cancellationToken: Token);
            await _store.CreateAsync(mask, painted.ToArray(), Token);
        }

        var draft = new JobDraft { Kind = JobKind.Edit, Prompt = prompt, Seed = 7, Steps = 3, Model = Name };
        var request = JobRequestChecks.Resolve(draft, ModelCapabilitiesBuilder.Build(_models.Get(Name).Package, Name, isDefault: true), new JobArtifacts(artifact, mask, Size: input.Size), DateTimeOffset.UtcNow);
        await new JobRecords(_store).CreateAsync(new JobRecord { Id = id, Owner = Owner.Local, Request = request, CreatedAt = DateTimeOffset.UtcNow }, Token);
        return id;
    }

    // Runs the stages up to the edit; the slices that it took, and the files with their hashes.
    private async Task<(int Slices, IEnumerable<(string, string)> Files)> RunAsync(string id, TimeSpan budget)
    {
        await RunAsync(new UnderstandStage(), id, []);
        await RunAsync(new MaskStage(new NoFinder(), _sources), id, [StageNames.Understand]);
        var slices = await RunAsync(new EditStage(new NoFinder(), _sources, _models), id, [StageNames.Understand, StageNames.Mask], budget);
        var manifest = (await new StageManifests(_store, id).FindAsync(StageNames.Edit, Token))!;
        return (slices, manifest.Files.Select(file => (file.Name, file.Sha256)));
    }

    private async Task<int> RunAsync(IStage stage, string id, string[] reads, TimeSpan? budget = null)
    {
        var activity = new StageActivity(stage, _store, new StageOptions { TimeBudget = budget ?? TimeSpan.FromMinutes(10) });
        var call = new StageCall(id, new StageSpan(1, 5, 0, 20), reads);
        var slices = 1;
        for (var result = await activity.RunAsync(call, 1, Token); !result.Done; slices++)
        {
            result = await activity.RunAsync(call with { Unit = result.Unit, Checkpoint = result.Checkpoint }, 1, Token);
        }

        return slices;
    }

    private static SourcePicture Source() => SourcePicture.CreateByRows(160, 120, 8, SourceMetadata.None, static (y, row) =>
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = i % 4 == 3 ? (byte)255 : (byte)((i / 4) + y);
        }
    });

    private sealed class NoFinder : ISubjectFinder
    {
        public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken) => throw new SubjectModelMissingException("No test here needs the subject.");
    }
}
