using Emu.Diffusion.ModelPackages;
using Emu.Pipeline.Models;

namespace Emu.Generation.Models;

/// <summary>Tells a store what the models of a host can do.</summary>
public static class ModelPublishing
{
    /// <summary>Loads every package and publishes its capabilities; the library's first is the default.</summary>
    /// <exception cref="ModelPackageException">A package is damaged.</exception>
    public static async Task PublishAsync(this ModelCatalog catalog, ModelLibrary models, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(models);
        for (var index = 0; index < models.Names.Count; index++)
        {
            var name = models.Names[index];
            await catalog.PublishAsync(ModelCapabilitiesBuilder.Build(models.Get(name).Package, name, isDefault: index == 0), cancellationToken).ConfigureAwait(false);
        }
    }
}
