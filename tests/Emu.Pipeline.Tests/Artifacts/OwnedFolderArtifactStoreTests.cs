using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;

namespace Emu.Pipeline.Tests.Artifacts;

public sealed class OwnedFolderArtifactStoreTests : ArtifactStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private FolderArtifactStore? _store;

    protected override Task<IArtifactStore> OpenAsync() => Task.FromResult<IArtifactStore>(_store = FolderArtifactStore.OpenOwned(_folder.Path));

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }
}
