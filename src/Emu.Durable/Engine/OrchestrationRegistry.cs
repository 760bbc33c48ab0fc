using System.Diagnostics.CodeAnalysis;
using Emu.Durable.Abstractions;

namespace Emu.Durable.Engine;

/// <summary>The orchestrations by name and version. Of each name, one version is the current one, which new instances get.</summary>
internal sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, IOrchestration> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<IOrchestration>> _versions = new(StringComparer.OrdinalIgnoreCase);

    public void Add(IOrchestration orchestration, bool isCurrent)
    {
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

    public IOrchestration? Find(string name, string version) =>
        _versions.TryGetValue(name, out var known) ? known.Find(orchestration => orchestration.Version == version) : null;

    public string Describe() => _current.Count == 0 ? "none" : string.Join(", ", _current.Keys.Order(StringComparer.Ordinal));

    public ActivityFailure NotFound(string name) =>
        new("orchestration_not_found", $"No orchestration '{name}' is registered; there are: {Describe()}.", Retryable: false);

    public ActivityFailure VersionNotFound(string name, string version)
    {
        var known = _versions.TryGetValue(name, out var list) ? string.Join(", ", list.Select(orchestration => $"'{orchestration.Version}'")) : "none";
        return new(
            "version_not_found",
            $"The instance started with version '{version}' of orchestration '{name}', which is not registered; registered versions: {known}.",
            Retryable: false);
    }
}
