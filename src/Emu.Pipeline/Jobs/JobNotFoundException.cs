namespace Emu.Pipeline.Jobs;

/// <summary>The owner has no job of that id: it never existed, is somebody else's, expired, or was deleted.</summary>
public sealed class JobNotFoundException(string id) : Exception($"There is no job '{id}'.")
{
    /// <summary>The id that was asked for.</summary>
    public string Id { get; } = id;
}
