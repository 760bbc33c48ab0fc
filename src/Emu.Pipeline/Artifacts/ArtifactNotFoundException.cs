namespace Emu.Pipeline.Artifacts;

/// <summary>There is no artifact of that name.</summary>
public sealed class ArtifactNotFoundException(string name) : Exception($"There is no artifact '{name}'.")
{
    /// <summary>The name that was asked for.</summary>
    public string Name { get; } = name;
}
