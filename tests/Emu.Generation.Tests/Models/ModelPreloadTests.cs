using Emu.Diffusion.Sessions;
using Emu.Generation.Models;

namespace Emu.Generation.Tests.Models;

public sealed class ModelPreloadTests : IDisposable
{
    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu });
    private readonly LoadedModel _model;

    public ModelPreloadTests() => _model = new ModelLibrary(_sessions, [new(StickerModel.Name, StickerModel.Folder)]).Get(StickerModel.Name);

    public void Dispose() => _sessions.Dispose();

    [Theory]
    [InlineData(true, false, new[] { "text_encoder", "unet", "unet/clip", "vae_decoder" })]
    [InlineData(false, false, new[] { "text_encoder", "unet", "vae_decoder" })]
    [InlineData(true, true, new[] { "text_encoder", "vae_encoder", "unet/clip", "vae_decoder" })]
    public async Task Start_OfAJob_LoadsTheGraphsItNeedsAndNoOthers(bool video, bool hasPicture, string[] graphs)
    {
        await using var preload = ModelPreload.Start(_model, video, hasPicture, TestContext.Current.CancellationToken);
        await preload.Completion;

        Assert.Equal(graphs.Sum(name => _model.Package.Graphs[name].FileBytes), _sessions.LoadedBytes);
    }

    [Fact]
    public async Task DisposeAsync_WhileLoading_StopsAndLeavesGraphsLoadable()
    {
        var preload = ModelPreload.Start(_model, true, false, TestContext.Current.CancellationToken);
        await preload.DisposeAsync();

        Assert.True(preload.Completion.IsCompleted);
        Assert.NotEqual(TaskStatus.Faulted, preload.Completion.Status);
        using var lease = _sessions.Acquire(_model.Package.Image!.Graph, TestContext.Current.CancellationToken);
        Assert.NotNull(lease.Session);
    }
}
