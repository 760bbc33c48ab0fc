using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;

namespace Emu.Generation.Models;

/// <summary>The model packages that a host runs, by name. A package is loaded, and its files checked, when first asked for. Safe for concurrent use.</summary>
/// <param name="sessions">Loads graphs and keeps them; not owned.</param>
/// <param name="directories">The packages' folders by name; the first is the default.</param>
public sealed class ModelLibrary(SessionCache sessions, IReadOnlyList<KeyValuePair<string, string>> directories)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoadedModel> _loaded = new(StringComparer.Ordinal);

    /// <summary>The names of all packages; the first is the default.</summary>
    public IReadOnlyList<string> Names { get; } = [.. directories.Select(directory => directory.Key)];

    /// <summary>A model by its name.</summary>
    /// <exception cref="UnsupportedByModelException">There is none of that name here.</exception>
    /// <exception cref="ModelPackageException">The package is damaged; the next call tries again.</exception>
    public LoadedModel Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (_loaded.TryGetValue(name, out var model))
            {
                return model;
            }

            var directory = directories.FirstOrDefault(entry => entry.Key == name).Value
                ?? throw new UnsupportedByModelException("model", $"There is no model '{name}' here; there are: {string.Join(", ", Names)}.");
            model = new LoadedModel(ModelPackage.Load(directory), sessions);
            _loaded.Add(name, model);
            return model;
        }
    }
}
