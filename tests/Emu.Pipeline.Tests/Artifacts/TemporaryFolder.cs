namespace Emu.Pipeline.Tests.Artifacts;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emu-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
