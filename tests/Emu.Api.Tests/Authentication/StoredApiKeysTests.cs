using Emu.Api.Authentication;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Artifacts.Folder;

namespace Emu.Api.Tests.Authentication;

public sealed class StoredApiKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-keys-").FullName;
    private readonly FolderArtifactStore _store;
    private readonly ManualTime _time = new();

    public StoredApiKeysTests() => _store = FolderArtifactStore.OpenOwned(_folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ListAsync_AnotherServerRevoked_RefusesTheKeyWithinFiveSeconds()
    {
        using var server = new StoredApiKeys(_store, _time);
        using var other = new StoredApiKeys(_store, _time);
        var created = await other.CreateAsync("laptop", "anna", Token);
        Assert.NotNull(ApiKeySecret.Find(await server.ListAsync(Token), created.Secret));

        Assert.NotNull((await other.RevokeAsync(created.Key.Id, Token))!.RevokedAt);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(ApiKeySecret.Find(await server.ListAsync(Token), created.Secret));
    }

    [Fact]
    public async Task CreateAsync_ManyAtOnce_KeepsAll()
    {
        using var keys = new StoredApiKeys(_store, _time);
        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => keys.CreateAsync($"key {index}", null, Token)));
        Assert.Equal(created.Select(key => key.Key.Id).Order(), (await keys.ReadAsync(Token)).Select(key => key.Id).Order());
    }

    [Fact]
    public async Task RevokeAsync_UnknownKey_IsNull()
    {
        using var keys = new StoredApiKeys(_store, _time);
        Assert.Null(await keys.RevokeAsync("key_none", Token));
    }

    [Fact]
    public async Task LinkKey_TwoServers_HaveTheSame()
    {
        var keys = await Task.WhenAll(StoredLinkKey.ReadOrCreateAsync(_store, Token), StoredLinkKey.ReadOrCreateAsync(_store, Token));
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(LinkSigner.KeyBytes, keys[0].Length);
    }
}
