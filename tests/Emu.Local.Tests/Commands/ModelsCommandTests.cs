using System.Text.Json;

namespace Emu.Local.Tests.Commands;

public class ModelsCommandTests
{
    [Fact]
    public async Task List_InACheckout_HoldsTheStickerModel()
    {
        var result = await EmuCommand.RunAsync("models", "list");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("sticker", result.Output);
        Assert.Contains("text to picture, picture to video", result.Output);
    }

    [Fact]
    public async Task List_WithADamagedPackage_NamesItsFault()
    {
        using var folder = new TemporaryFolder();
        StickerPackage.CopyTo(folder["broken"]);
        File.Delete(Path.Combine(folder["broken"], "unet", "model.onnx"));
        var result = await EmuProcess.RunAsync(folder.Path, new Dictionary<string, string?> { ["EMU_MODELS"] = folder.Path }, "models", "list", "--json");
        Assert.Equal(0, result.ExitCode);
        var broken = JsonDocument.Parse(result.Output).RootElement.EnumerateArray().Single(package => package.GetProperty("name").GetString() == "broken");
        Assert.Contains(Path.Combine("unet", "model.onnx"), broken.GetProperty("problem").GetString());
    }

    [Fact]
    public async Task Inspect_OfTheStickerModel_ShowsWhatItTakesAndMakes()
    {
        var result = await EmuCommand.RunAsync("models", "inspect", "sticker", "--json");
        Assert.Equal(0, result.ExitCode);
        var model = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(64, model.GetProperty("model").GetProperty("ticks").GetInt32());
        Assert.True(model.GetProperty("model").GetProperty("loops").GetBoolean());
        Assert.Contains(model.GetProperty("graphs").EnumerateArray(), graph => graph.GetProperty("name").GetString() == "unet");
    }

    [Fact]
    public async Task Inspect_OfAFolderThatIsNoPackage_IsAUsageErrorThatSaysWhatWasExpected()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuCommand.RunAsync("models", "inspect", folder.Path);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("model_index.json", result.Errors);
    }

    [Fact]
    public async Task Verify_OfAWholePackage_Succeeds()
    {
        var result = await EmuCommand.RunAsync("models", "verify");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("unet/model.onnx", result.Output);
    }

    [Fact]
    public async Task Verify_AfterOneByteChanged_FailsAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        StickerPackage.CopyTo(folder["package"]);
        var path = Path.Combine(folder["package"], "vae_decoder", "model.onnx");
        var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        content[^100] ^= 1;
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        var result = await EmuCommand.RunAsync("models", "verify", folder["package"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("WRONG  vae_decoder/model.onnx", result.Output);
        Assert.Contains("SHA-256", result.Output);
    }
}
