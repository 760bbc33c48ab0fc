using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class PromptChecksTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private FolderArtifactStore _store = null!;
    private JobService _jobs = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        _jobs = new JobService(_store, options: new JobServiceOptions { DiskReserve = 0 }, prompts: new DuckReader());
        await _jobs.Models.PublishAsync(TestModels.Sticker, Token);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task CreateAsync_NothingUnderstood_IsRefusedWithAHintAndStoresNothing()
    {
        var refused = await Assert.ThrowsAsync<InvalidJobException>(() => CreateAsync("утка"));

        Assert.Equal(("prompt", "prompt_not_understood"), (refused.Parameter, refused.Code));
        Assert.Equal("The model 'sticker' understands nothing of the prompt. It knows ducks.", refused.Message);
        Assert.Empty((await _jobs.ListAsync("local", new JobQuery(), Token)).Jobs);
    }

    [Fact]
    public async Task CreateAsync_PartlyUnderstood_WarnsInTheJob()
    {
        var job = await CreateAsync("жёлтая duck");

        Assert.Equal(["The model does not know 'жёлтая': it has no effect."], job.Warnings);
        Assert.Equal(job.Warnings, (await _jobs.GetAsync("local", job.Id, Token)).Record.Warnings);
    }

    [Fact]
    public async Task CreateAsync_ModelThatCannotTell_TakesAnyText()
    {
        await _jobs.Models.PublishAsync(TestModels.Sticker with { Name = "clip", IsDefault = false }, Token);

        Assert.Empty((await CreateAsync("утка", "clip")).Warnings);
    }

    [Fact]
    public void WarningsOf_ManyWords_NamesTheFirstAndCountsTheRest()
    {
        var warning = Assert.Single(PromptReading.WarningsOf([.. Enumerable.Range(0, 11).Select(number => $"w{number}")], isCut: false));

        Assert.Equal("The model does not know 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7' and 3 more: they have no effect.", warning);
    }

    private async Task<JobRecord> CreateAsync(string prompt, string model = "sticker") =>
        (await _jobs.CreateAsync("local", TestModels.Video(prompt) with { Model = model }, null, null, Token)).Job.Record;

    /// <summary>A model that knows one word; the model "clip" cannot tell.</summary>
    private sealed class DuckReader : IPromptReader
    {
        public Task<PromptReading?> ReadAsync(ModelCapabilities model, string prompt, CancellationToken cancellationToken)
        {
            var unknown = prompt.Split(' ').Where(word => word != "duck").ToList();
            return Task.FromResult(model.Name == "clip" ? null : new PromptReading(unknown, false, prompt.Contains("duck", StringComparison.Ordinal), "It knows ducks."));
        }
    }
}
