using Emu.Api.Authentication;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Authentication;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-keys-").FullName;
    private readonly ManualTime _time = new();

    private string Path => System.IO.Path.Combine(_folder, ApiKeyFile.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Create_NewKey_IsFoundByItsSecretAndStoredAsAHashOnly()
    {
        var file = new ApiKeyFile(Path, _time);
        var created = file.Create("laptop", null);

        Assert.StartsWith("emu_", created.Secret, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Secret, File.ReadAllText(Path), StringComparison.Ordinal);
        Assert.Equal(created.Key, ApiKeySecret.Find(await file.ListAsync(CancellationToken.None), created.Secret));
        Assert.Equal(created.Key.Id, created.Key.Owner);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }
    }

    [Fact]
    public async Task ListAsync_AnotherProcessRevoked_SeesItAfterASecond()
    {
        var server = new ApiKeyFile(Path, _time);
        var created = new ApiKeyFile(Path, _time).Create("laptop", "anna");
        Assert.NotNull(ApiKeySecret.Find(await server.ListAsync(CancellationToken.None), created.Secret));

        new ApiKeyFile(Path, _time).Revoke(created.Key.Id);
        _time.Advance(TimeSpan.FromSeconds(1));

        var keys = await server.ListAsync(CancellationToken.None);
        Assert.Null(ApiKeySecret.Find(keys, created.Secret));
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromSeconds(1), Assert.Single(keys).RevokedAt);
    }

    [Fact]
    public void Create_ManyAtOnce_LosesNone()
    {
        Parallel.For(0, 20, index => new ApiKeyFile(Path, _time).Create($"key {index}", null));
        Assert.Equal(20, new ApiKeyFile(Path, _time).Read().Count);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a\nb", null)]
    [InlineData("a", "")]
    [InlineData("a", "../b")]
    public void Create_UnacceptableNameOrOwner_ChangesNothing(string name, string? owner)
    {
        Assert.Throws<ArgumentException>(() => new ApiKeyFile(Path, _time).Create(name, owner));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Revoke_UnknownId_IsNull() => Assert.Null(new ApiKeyFile(Path, _time).Revoke("key_none"));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"version":2,"keys":[]}""")]
    public async Task ListAsync_DamagedOrNewerFile_LetsNobodyIn(string content)
    {
        File.WriteAllText(Path, content);
        await Assert.ThrowsAsync<InvalidDataException>(() => new ApiKeyFile(Path, _time).ListAsync(CancellationToken.None).AsTask());
    }
}
