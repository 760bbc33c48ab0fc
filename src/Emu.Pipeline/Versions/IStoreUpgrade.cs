using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Versions;

/// <summary>Brings a store from one version to the next. May be cut short anywhere and run again.</summary>
public interface IStoreUpgrade
{
    /// <summary>The version it begins from; it ends at the next.</summary>
    int From { get; }

    /// <summary>Does it.</summary>
    Task ApplyAsync(IArtifactStore store, CancellationToken cancellationToken);
}
