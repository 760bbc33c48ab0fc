using System.Text.Json;

namespace Emu.Local.Tests.Commands;

public class KeysCommandTests
{
    [Fact]
    public async Task Create_List_Revoke_ShowTheKeyOnce()
    {
        using var folder = new TemporaryFolder();
        var created = await EmuCommand.RunAsync("keys", "create", "--name", "phone", "--owner", "anna", "--data", folder["data"]);
        var key = created.Output.Trim();
        Assert.Equal(0, created.ExitCode);
        Assert.Matches("^emu_[A-Za-z0-9_-]{43}$", key);

        var list = await ListAsync(folder);
        Assert.Equal(("phone", "anna", key[^4..]), (list.GetProperty("name").GetString(), list.GetProperty("owner").GetString(), list.GetProperty("hint").GetString()));
        Assert.DoesNotContain(key, File.ReadAllText(Path.Combine(folder["data"], "keys.json")), StringComparison.Ordinal);

        var revoked = await EmuCommand.RunAsync("keys", "revoke", list.GetProperty("id").GetString()!, "--data", folder["data"]);
        Assert.Equal(0, revoked.ExitCode);
        Assert.Equal(JsonValueKind.String, (await ListAsync(folder)).GetProperty("revoked_at").ValueKind);
    }

    [Theory]
    [InlineData(2, "create", "--owner", "Not An Owner")]
    [InlineData(2, "create", "--name", "")]
    [InlineData(1, "revoke", "key_none")]
    public async Task Command_WithSomethingWrong_SaysWhatAndChangesNothing(int exitCode, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder["data"], "store"));
        var result = await EmuCommand.RunAsync(["keys", .. arguments, "--data", folder["data"]]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith("emu: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder["data"], "keys.json")));
    }

    private static async Task<JsonElement> ListAsync(TemporaryFolder folder)
    {
        var result = await EmuCommand.RunAsync("keys", "list", "--json", "--data", folder["data"]);
        return Assert.Single(JsonDocument.Parse(result.Output).RootElement.EnumerateArray());
    }
}
