using System.Diagnostics.CodeAnalysis;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>The orchestrations by name and version. Of each name, one version is the current one, which new instances get.</summary>
public sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, IOrchestration> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<IOrchestration>> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names.</summary>
    public IReadOnlyCollection<string> Names => _versions.Keys;

    /// <summary>Registers an orchestration.</summary>
    /// <param name="orchestration">The orchestration.</param>
    /// <param name="isCurrent">Whether new instances get it, or only those that started with it have it.</param>
    /// <exception cref="ArgumentException">The version is registered already, or the name has another current version.</exception>
    public void Add(IOrchestration orchestration, bool isCurrent)
    {
        ArgumentNullException.ThrowIfNull(orchestration);
        ArgumentException.ThrowIfNullOrWhiteSpace(orchestration.Name);
        ArgumentNullException.ThrowIfNull(orchestration.Version);
        if (Find(orchestration.Name, orchestration.Version) is not null)
        {
            throw new ArgumentException($"Version '{orchestration.Version}' of orchestration '{orchestration.Name}' is registered already.", nameof(orchestration));
        }

        if (isCurrent && !_current.TryAdd(orchestration.Name, orchestration))
        {
            throw new ArgumentException(
                $"Orchestration '{orchestration.Name}' has a current version already, '{_current[orchestration.Name].Version}': register '{orchestration.Version}' as an earlier one, or that.",
                nameof(orchestration));
        }

        if (!_versions.TryGetValue(orchestration.Name, out var known))
        {
            _versions.Add(orchestration.Name, known = []);
        }

        known.Add(orchestration);
    }

    /// <summary>The version that new instances get.</summary>
    public bool TryGetCurrent(string name, [NotNullWhen(true)] out IOrchestration? orchestration) => _current.TryGetValue(name, out orchestration);

    /// <summary>A version of an orchestration; null if it is not registered.</summary>
    public IOrchestration? Find(string name, string version) =>
        _versions.TryGetValue(name, out var known) ? known.Find(orchestration => orchestration.Version == version) : null;

    /// <summary>The names, for error messages.</summary>
    public string Describe() => _current.Count == 0 ? "none" : string.Join(", ", _current.Keys.Order(StringComparer.Ordinal));

    /// <summary>The failure of a child whose orchestration is not registered.</summary>
    public ActivityFailure NotFound(string name) =>
        new("orchestration_not_found", $"No orchestration '{name}' is registered; there are: {Describe()}.", Retryable: false);

    /// <summary>The failure of an instance whose version is not registered.</summary>
    public ActivityFailure VersionNotFound(string name, string version)
    {
        var known = _versions.TryGetValue(name, out var list) ? string.Join(", ", list.Select(orchestration => $"'{orchestration.Version}'")) : "none";
        return new(
            "version_not_found",
            $"The instance started with version '{version}' of orchestration '{name}', which is not registered; registered versions: {known}.",
            Retryable: false);
    }
}
