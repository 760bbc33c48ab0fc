using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Generation.Tests;

public sealed class GenerationServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly ServiceProvider _provider;

    public GenerationServicesTests()
    {
        _store = FolderArtifactStore.OpenOwned(_folder.Path);
        _provider = new ServiceCollection()
            .AddSingleton<IArtifactStore>(_store)
            .AddLogging()
            .AddEmuPipeline(new PipelineOptions())
            .AddEmuGeneration(new GenerationOptions { Models = GenerationOptions.Name([StickerModel.Folder + "/"]), Device = DeviceChoice.Cpu })
            .BuildServiceProvider();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AddEmuGeneration_RegistersEveryStageInItsGroup()
    {
        var stages = _provider.GetServices<ActivityRegistration>().Where(registration => registration.Activity.Name != StageNames.Finish).ToDictionary(registration => registration.Activity.Name, registration => registration.Group);

        Assert.Equal(
            new Dictionary<string, string>
            {
                [StageNames.Keyframe] = ActivityGroups.Model,
                [StageNames.Animate] = ActivityGroups.Model,
                [StageNames.Interpolate] = ActivityGroups.Model,
                [StageNames.Upsample] = ActivityGroups.Model,
                [StageNames.Understand] = ActivityGroups.Media,
                [StageNames.Mask] = ActivityGroups.Model,
                [StageNames.Edit] = ActivityGroups.Model,
                [StageNames.Composite] = ActivityGroups.Media,
                [StageNames.Encode] = ActivityGroups.Media,
                [StageNames.Format] = ActivityGroups.Media,
            },
            stages);
    }

    [Fact]
    public void AddEmuGeneration_RegistersModelsOverOneSessionCacheAndTheImageCheck()
    {
        var library = _provider.GetRequiredService<ModelLibrary>();

        Assert.Equal(["sticker"], library.Names);
        Assert.Same(_provider.GetRequiredService<SessionCache>(), library.Get("sticker").Sessions);
        Assert.IsType<ImageUploadValidator>(_provider.GetRequiredService<IImageValidator>());
    }

    [Fact]
    public async Task ModelPublisher_AtStart_PublishesWhatEachModelCanDo()
    {
        var token = TestContext.Current.CancellationToken;
        var publisher = Assert.Single(_provider.GetServices<IHostedService>().OfType<ModelPublisher>());

        await publisher.StartAsync(token);
        await publisher.StopAsync(token);

        var published = Assert.Single(await new StoredModelCatalog(_store).ListAsync(token));
        Assert.Equal(("sticker", true), (published.Name, published.IsDefault));
    }
}
