using Emu.Pipeline.Models;
using Microsoft.Extensions.Hosting;

namespace Emu.Generation.Models;

/// <summary>Publishes what each model can do when the host starts, so that requests are checked without the packages.</summary>
public sealed class ModelPublisher(ModelLibrary models, IModelCatalog catalog) : IHostedService
{
    /// <summary>Loads and checks every package, and publishes its capabilities.</summary>
    /// <exception cref="Emu.Diffusion.ModelPackages.ModelPackageException">A package is damaged.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var model in ModelCapabilitiesBuilder.BuildAll(models))
        {
            await catalog.PublishAsync(model, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
