using System.Text.Json;
using Emu.Editing.Composition;
using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Local.Tests.Edit;

/// <summary><c>emu edit</c> without the model that finds subjects: edits of the whole picture, and with masks.</summary>
public sealed class EditCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edit_Mask_ChangesNothingElseAndProvesIt()
    {
        var (picture, mask, result, sheet) = (await PictureAsync("cat.png"), await MaskAsync("mask.png"), _folder["out.png"], _folder["sheet.png"]);
        var edited = await RunAsync(picture, "make the marked area black and white", "--mask", mask, "--out", result, "--compare", sheet, "--verify");
        Assert.Contains(": 64×48, ", edited, StringComparison.Ordinal);
        Assert.Contains("50.0 % of the pixels kept bit for bit", edited, StringComparison.Ordinal);
        Assert.Contains("verified: 1,536 of 3,072 pixels are the source's", edited, StringComparison.Ordinal);
        Assert.InRange(PixelExact.KeptShare(await ReadAsync(picture), await ReadAsync(result), Token), 0.5, 0.5);
        var compared = await ReadAsync(sheet);
        Assert.True(compared.Width > 3 * 64 && compared.Height == 48, $"{compared.Width}x{compared.Height}");
    }

    [Fact]
    public async Task Edit_Json_TellsPlanShareAndFiles()
    {
        var (picture, result) = (await PictureAsync("cat.png"), _folder["out.png"]);
        var json = JsonElement.Parse(await RunAsync(picture, "make it sepia", "flip it", "--out", result, "--json"));
        var step = Assert.Single(json.GetProperty("steps").EnumerateArray());
        Assert.Equal(["sepia", "flip"], step.GetProperty("plan").EnumerateArray().Select(entry => entry.GetProperty("operation").GetProperty("operation").GetString()));
        Assert.Equal(result, json.GetProperty("outputs")[0].GetProperty("path").GetString());
        Assert.InRange(json.GetProperty("kept_share").GetDouble(), 0, 0.1);
        Assert.True(json.GetProperty("seconds").TryGetProperty("composite", out _));
    }

    [Fact]
    public async Task Edit_Chain_KeepsTheOriginalsPixelsInEveryVersion()
    {
        var (picture, mask) = (await PictureAsync("cat.png"), await MaskAsync("mask.png"));
        await File.WriteAllLinesAsync(_folder["steps.txt"], ["cat.png", "# all of these are about the left half", "make the marked area brighter", "make the marked area warmer", "", "blur the marked area"], Token);
        var printed = await RunAsync("--chain", _folder["steps.txt"], "--mask", mask, "--out", _folder["out.png"], "--verify", "--keep", _folder["kept"]);
        Assert.Contains("3. blur the marked area: ", printed, StringComparison.Ordinal);
        var (before, after) = (await ReadAsync(picture), await ReadAsync(_folder["out.png"]));
        for (var y = 0; y < before.Height; y++)
        {
            Assert.True(before.RowBytes(y)[(32 * 4)..].SequenceEqual(after.RowBytes(y)[(32 * 4)..]), $"row {y}");
        }

        Assert.Equal(["2", "3", "4"], Directory.EnumerateDirectories(_folder["kept"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Edit_Plan_PrintsItAndDoesNothing()
    {
        var picture = await PictureAsync("cat.png");
        var plan = JsonElement.Parse(await RunAsync(picture, "make the background pink and write \"Aloha!\" at the top", "--plan"));
        Assert.Equal(["solid_background", "write_text"], plan.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("operation").GetProperty("operation").GetString()));
        Assert.Equal(["cat.png"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Edit_Lossy_IsWrittenOnlyWhenAccepted()
    {
        var picture = await PictureAsync("cat.png");
        await RefusedAsync(2, "--lossy", picture, "make it sepia", "--out", _folder["out.jpg"]);
        Assert.Contains("out.jpg: 64×48", await RunAsync(picture, "make it sepia", "--out", _folder["out.jpg"], "--lossy"), StringComparison.Ordinal);
        Assert.Equal(PictureFormat.Jpeg, new PictureReader().Inspect(await File.ReadAllBytesAsync(_folder["out.jpg"], Token)).Format);
    }

    [Fact]
    public async Task Edit_BadInput_SaysWhatIsWrongAndWritesNothing()
    {
        var (picture, mask) = (await PictureAsync("cat.png"), await MaskAsync("mask.png", 60));
        await File.WriteAllTextAsync(_folder["text.png"], "no picture", Token);
        var files = Directory.EnumerateFiles(_folder.Path).Order().ToList();
        var result = _folder["out.png"];
        await RefusedAsync(2, "There is no instruction.", picture);
        await RefusedAsync(1, "there is no file", _folder["nothing.png"], "make it sepia", "--out", result);
        await RefusedAsync(1, "text.png", _folder["text.png"], "make it sepia", "--out", result);
        await RefusedAsync(1, "The mask is 60x48, the picture 64x48", picture, "make the marked area blue", "--mask", mask, "--out", result);
        await RefusedAsync(1, "There is no task 'colour'. The nearest is 'color'.", picture, "make it sepia", "--task", "colour", "--out", result);
        await RefusedAsync(1, "There is no task 'colour'. The nearest is 'color'.", picture, "make it sepia", "--task", "colour", "--plan");
        await RefusedAsync(1, "weather", picture, "make the weather nicer tomorrow", "--out", result);
        await RefusedAsync(1, "Give a mask of it", picture, "remove the marked area", "--out", result);
        await RefusedAsync(2, "--out names the picture itself", picture, "make it sepia", "--out", picture);
        Assert.Equal(files, Directory.EnumerateFiles(_folder.Path).Order());
    }

    [Fact]
    public async Task Edit_SubjectModelMissing_NamesTheCommand()
    {
        if (Emu.Editing.Masks.PhotoMaskModel.Find(Emu.Local.Models.ModelLocator.Folders).IsPresent)
        {
            Assert.Skip("The model is here.");
        }

        await RefusedAsync(1, "emu models add photo-mask", await PictureAsync("cat.png"), "make the background pink", "--out", _folder["out.png"]);
        Assert.False(File.Exists(_folder["out.png"]));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var result = await EmuCommand.RunAsync(["edit", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }

    private static async Task RefusedAsync(int code, string message, params string[] arguments)
    {
        var result = await EmuCommand.RunAsync(["edit", .. arguments]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    private static Task<SourcePicture> ReadAsync(string path) => new SourcePictureReader().ReadAsync(path, Token);

    private async Task<string> PictureAsync(string name)
    {
        var picture = Picture.Create(64, 48, 0, static (samples, _) =>
        {
            var random = new Random(7);
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = ((byte)random.Next(150, 256), (byte)random.Next(100), (byte)random.Next(100), 255);
            }
        });
        await new PictureWriter().WriteAsync(picture, _folder[name], cancellationToken: Token);
        return _folder[name];
    }

    // White in the left half.
    private async Task<string> MaskAsync(string name, int width = 64)
    {
        var mask = Picture.Create(width, 48, width, static (samples, width) =>
        {
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                samples.Slice(i, 3).Fill(i / Picture.Channels % width < width / 2 ? (byte)255 : (byte)0);
                samples[i + 3] = 255;
            }
        });
        await new PictureWriter().WriteAsync(mask, _folder[name], cancellationToken: Token);
        return _folder[name];
    }
}
