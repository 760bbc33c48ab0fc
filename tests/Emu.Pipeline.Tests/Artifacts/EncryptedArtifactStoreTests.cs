using System.Security.Cryptography;
using System.Text;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;

namespace Emu.Pipeline.Tests.Artifacts;

public sealed class EncryptedArtifactStoreTests : IDisposable
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("whsec_very_secret");

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _plain;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(EncryptedArtifactStore.KeyBytes);

    public EncryptedArtifactStoreTests() => _plain = FolderArtifactStore.OpenOwned(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EncryptedArtifactStore Store => new(_plain, _key);

    public void Dispose()
    {
        _plain.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Create_ThenRead_GivesTheContentAndStoresNoneOfIt()
    {
        await Store.CreateAsync("a/secret.json", Secret, Cancellation);
        Assert.Equal(Secret, (await Store.ReadAsync("a/secret.json", Cancellation))!.Content.ToArray());
        Assert.Equal(Secret.Length, (await Store.FindAsync("a/secret.json", Cancellation))!.Length);
        var stored = await _plain.ReadAsync("a/secret.json", Cancellation);
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(stored!.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SameContentTwice_IsStoredDifferently()
    {
        await Store.CreateAsync("a", Secret, Cancellation);
        await Store.CreateAsync("b", Secret, Cancellation);
        Assert.NotEqual((await _plain.ReadAsync("a", Cancellation))!.Content.ToArray(), (await _plain.ReadAsync("b", Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task Update_UnderAnOldETag_ChangesNothing()
    {
        await Store.CreateAsync("a", Secret, Cancellation);
        var first = await Store.ReadAsync("a", Cancellation);
        Assert.NotNull(await Store.UpdateAsync("a", "new"u8.ToArray(), first!.ETag, Cancellation));
        Assert.Null(await Store.UpdateAsync("a", "newer"u8.ToArray(), first.ETag, Cancellation));
        Assert.Equal("new"u8.ToArray(), (await Store.ReadAsync("a", Cancellation))!.Content.ToArray());
    }

    [Fact]
    public async Task Read_AnotherKey_IsRefused()
    {
        await Store.CreateAsync("a", Secret, Cancellation);
        var other = new EncryptedArtifactStore(_plain, RandomNumberGenerator.GetBytes(EncryptedArtifactStore.KeyBytes));
        Assert.False((await Assert.ThrowsAsync<ArtifactStoreException>(() => other.ReadAsync("a", Cancellation))).Retryable);
    }

    [Fact]
    public async Task Read_MovedToAnotherName_IsRefused()
    {
        await Store.CreateAsync("mine", Secret, Cancellation);
        await _plain.CreateAsync("yours", (await _plain.ReadAsync("mine", Cancellation))!.Content, Cancellation);
        await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.ReadAsync("yours", Cancellation));
    }

    [Fact]
    public async Task Read_NotEncrypted_IsRefused()
    {
        await _plain.CreateAsync("a", Secret, Cancellation);
        await Assert.ThrowsAsync<ArtifactStoreException>(() => Store.ReadAsync("a", Cancellation));
    }

    [Fact]
    public void Create_KeyOfAnotherLength_Throws() => Assert.Throws<ArgumentException>(() => new EncryptedArtifactStore(_plain, new byte[16]));
}
