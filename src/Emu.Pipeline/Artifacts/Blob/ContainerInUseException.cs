namespace Emu.Pipeline.Artifacts.Blob;

/// <summary>Another server holds the container.</summary>
public sealed class ContainerInUseException(string container, Exception innerException)
    : Exception($"The container '{container}' is held by another server. Stop that one (its lease ends within a minute), or use another storage account or container.", innerException)
{
    /// <summary>The container's name.</summary>
    public string Container { get; } = container;
}
