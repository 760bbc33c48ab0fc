using Emu.Durable.Abstractions;
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

/// <summary>The stages of edits, run as activities, with the shipped model for stickers.</summary>
public sealed class EditingStagesTests(StickerModel model) : IClassFixture<StickerModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EditSources _sources = new();
    private readonly JobId _id = JobId.New(JobKind.Edit, DateTimeOffset.UtcNow);
    private FolderArtifactStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FolderArtifactStore Store => _store ??= FolderArtifactStore.OpenOwned(_folder.Path);

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Edit_AddedSticker_ChangesItsPlaceOnly()
    {
        var source = await CreateAsync("add a duck in the top left corner");
        await RunAllAsync();

        var job = (await new JobRecords(Store).FindAsync(_id.ToString(), Token))!;
        Assert.Equal("add_sticker", job.Edit!.Plan!.Value[0].GetProperty("operation").GetProperty("operation").GetString());
        Assert.InRange(job.Edit.KeptShare!.Value, 0.5, 0.99);
        var edited = await new SourcePictureReader().ReadAsync(await ReadAsync(StageNames.Composite, "image.png"), Token);
        Assert.Equal((source.Width, source.Height), (edited.Width, edited.Height));
        Assert.True(source.RowBytes(source.Height - 1).SequenceEqual(edited.RowBytes(source.Height - 1)));
        Assert.False(source.Bytes.SequenceEqual(edited.Bytes));

        var first = await ReadAsync(StageNames.Composite, "image.png");
        await RunAllAsync();
        Assert.Equal(first, await ReadAsync(StageNames.Composite, "image.png"));
    }

    [Fact]
    public async Task Composite_PixelsOutsideTheMaskDiffer_Fails()
    {
        await CreateAsync("make it sepia");
        await RunAsync(new UnderstandStage(), []);
        await RunAsync(new MaskStage(new CornerSubject(), _sources), [StageNames.Understand]);
        await RunAsync(new LyingStage(), []);
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => RunAsync(new CompositeStage(_sources), [StageNames.Mask, StageNames.Edit]));
        Assert.Contains("not about", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mask_NoSubject_FailsAsInvalidInput()
    {
        await CreateAsync("make the background blue");
        await RunAsync(new UnderstandStage(), []);
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => RunAsync(new MaskStage(new CornerSubject(isEmpty: true), _sources), [StageNames.Understand]));
        Assert.Equal((FailureCodes.InvalidInput, false), (failed.Failure.Code, failed.Failure.Retryable));
        Assert.StartsWith("No subject was found: ", failed.Failure.Message, StringComparison.Ordinal);
    }

    private async Task<SourcePicture> CreateAsync(string prompt)
    {
        var picture = SourcePicture.CreateByRows(160, 120, 8, SourceMetadata.None, static (y, row) => new Random(y).NextBytes(row));
        using var file = new MemoryStream();
        await new SourcePictureWriter().WriteAsync(picture, file, null, Token);
        var input = ImageUploadValidator.Identify(file.ToArray(), ImageLimits.Default);
        var artifact = JobNames.Input(_id.ToString(), input.Extension);
        await Store.CreateAsync(artifact, input.Content, Token);
        var draft = new JobDraft { Kind = JobKind.Edit, Prompt = prompt, Seed = 7 };
        var request = JobRequestChecks.Resolve(draft, ModelCapabilitiesBuilder.Build(model.Package, StickerModel.Name, isDefault: true), new JobArtifacts(artifact, Size: input.Size), DateTimeOffset.UtcNow);
        await new JobRecords(Store).CreateAsync(new JobRecord { Id = _id.ToString(), Owner = Owner.Local, Request = request, CreatedAt = DateTimeOffset.UtcNow }, Token);
        return await new SourcePictureReader().ReadAsync(file.ToArray(), Token);
    }

    private async Task RunAllAsync()
    {
        await RunAsync(new UnderstandStage(), []);
        await RunAsync(new MaskStage(new CornerSubject(), _sources), [StageNames.Understand]);
        await RunAsync(new EditStage(new CornerSubject(), _sources, model.Library), [StageNames.Understand, StageNames.Mask]);
        await RunAsync(new CompositeStage(_sources), [StageNames.Mask, StageNames.Edit]);
    }

    private Task<StageResult> RunAsync(IStage stage, string[] reads) => new StageActivity(stage, Store).RunAsync(new StageCall(_id.ToString(), new StageSpan(1, 5, 0, 20), reads), 1, Token);

    private async Task<byte[]> ReadAsync(string stage, string file)
    {
        var manifest = await new StageManifests(Store, _id.ToString()).FindAsync(stage, Token);
        return (await Store.ReadAsync(manifest!.Find(file)!.Artifact, Token))!.Content.ToArray();
    }

    private sealed class CornerSubject(bool isEmpty = false) : ISubjectFinder
    {
        public Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken) => Task.FromResult(
            EditMask.CreateByRows(picture.Width, picture.Height, (y, row) => row[..(row.Length / 2)].Fill(isEmpty || y > picture.Height / 2 ? (byte)0 : (byte)255), cancellationToken));
    }

    // Says that nothing changed, and changes everything.
    private sealed class LyingStage : IStage
    {
        public string Name => StageNames.Edit;

        public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new("lie");

        public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken) => StageOutcome.Done(
        [
            await WriteAsync(run, StageFiles.EditedSamples, 4, 255, cancellationToken),
            await WriteAsync(run, StageFiles.ChangedValues, 1, 0, cancellationToken),
        ]);

        // Width, height and bytes a pixel, then the samples.
        private static Task<StageFile> WriteAsync(StageRun run, string file, int bytes, byte value, CancellationToken cancellationToken) =>
            run.WriteAsync(
                file,
                async (stream, token) =>
                {
                    foreach (var number in new[] { 160, 120, bytes })
                    {
                        await stream.WriteAsync(BitConverter.GetBytes(number), token);
                    }

                    await stream.WriteAsync(Enumerable.Repeat(value, 160 * 120 * bytes).ToArray(), token);
                },
                cancellationToken);
    }
}
