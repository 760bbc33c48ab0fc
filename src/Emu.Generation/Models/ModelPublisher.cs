using Emu.Diffusion.Sessions;
using Emu.Pipeline.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Generation.Models;

/// <summary>
/// When the host starts: decides on the device, so that no job has to fail for it, and publishes what each model can do, so that
/// requests are checked without the packages.
/// </summary>
public sealed class ModelPublisher(ModelLibrary models, SessionCache sessions, IModelCatalog catalog, ILogger<ModelPublisher> logger) : IHostedService
{
    /// <summary>Decides on the device, loads and checks every package, and publishes its capabilities and vocabulary.</summary>
    /// <exception cref="DeviceUnavailableException">The device requested by name cannot be used here.</exception>
    /// <exception cref="Emu.Diffusion.ModelPackages.ModelPackageException">A package is damaged.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (sessions.Device.Kind == DeviceKind.Cpu && sessions.DeviceReason is { } reason)
        {
            // A program that was built with CUDA is meant for a GPU.
            logger.Log(SessionCache.IsBuiltWithCuda ? LogLevel.Warning : LogLevel.Debug, "Models run on the CPU: {Reason}", reason);
        }

        foreach (var (index, name) in models.Names.Index())
        {
            await ModelVocabulary.PublishAsync(catalog, models.Get(name).Package, name, isDefault: index == 0, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
