using System.Text.Json;
using Emu.Api.Tests.Server;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Microsoft.Playwright;

namespace Emu.Studio.Tests.Browser;

/// <summary>A test of the Edit view, with edits that need no model.</summary>
public abstract class EditTest(StudioBrowser browser) : StudioTest(browser)
{
    /// <summary>The picture that is edited: a square in each colour.</summary>
    protected const int Side = 96;

    protected ILocator Instruction => Page.Locator("#instruction");

    protected ILocator InstructionError => Page.Locator("#instruction-error");

    protected ILocator Slider => Page.GetByRole(AriaRole.Slider, new() { Name = "How much of the left picture is shown" });

    protected ILocator Versions => Page.Locator(".version");

    /// <summary>Opens the page and gives it a picture to edit.</summary>
    protected async Task OpenEditAsync(Picture? picture = null)
    {
        await OpenAsync();
        await ChooseEditAsync();
        await Page.Locator("#file").SetInputFilesAsync(await FileOfAsync(picture ?? Squares()));
        await Instruction.WaitForAsync();
    }

    /// <summary>Chooses "Edit" beside "Clip" and "Still".</summary>
    protected Task ChooseEditAsync() => Page.Locator("#kinds input[value=edit]").CheckAsync();

    /// <summary>Types an instruction and presses Enter.</summary>
    protected async Task InstructAsync(string instruction)
    {
        await Instruction.FillAsync(instruction);
        await Instruction.PressAsync("Enter");
    }

    /// <summary>Types an instruction, presses Enter, and waits until that version is there.</summary>
    protected async Task InstructedAsync(string instruction, int version)
    {
        await InstructAsync(instruction);
        await MadeAsync(version);
    }

    /// <summary>Waits until a version is there and shown.</summary>
    protected async Task MadeAsync(int version)
    {
        await Page.WaitForFunctionAsync(
            "name => document.querySelector('#instruction-error')?.hidden === false || (document.querySelector('.version[aria-current]:not(.active) .name')?.textContent.split(',')[0] === name && document.querySelector('.edit-about')?.hidden === false)",
            version == 1 ? "Original" : $"Version {version}");
        Assert.True(await InstructionError.IsHiddenAsync(), await InstructionError.TextContentAsync());
    }

    /// <summary>The session as the server has it.</summary>
    protected async Task<JsonElement> SessionAsync() => Assert.Single((await Server.Client.GetAsync("/v1/edits").JsonAsync()).GetProperty("data").EnumerateArray());

    /// <summary>A version's picture as the server has it.</summary>
    protected async Task<Picture> PictureOfAsync(int version, string file = "content")
    {
        var session = (await SessionAsync()).GetProperty("id").GetString();
        return await new PictureReader().ReadAsync(await Server.Client.GetByteArrayAsync($"/v1/edits/{session}/versions/{version}/{file}"));
    }

    /// <summary>Red, green, blue and white squares.</summary>
    protected static Picture Squares(int side = Side) => Picture.Create(side, side, side, static (samples, side) =>
    {
        for (var index = 0; index < samples.Length; index += Picture.Channels)
        {
            var (x, y) = (index / Picture.Channels % side * 2 / side, index / Picture.Channels / side * 2 / side);
            var (red, green, blue) = (x, y) switch { (0, 0) => (220, 40, 30), (1, 0) => (40, 180, 60), (0, 1) => (30, 60, 220), _ => (240, 240, 240) };
            (samples[index], samples[index + 1], samples[index + 2], samples[index + 3]) = ((byte)red, (byte)green, (byte)blue, 255);
        }
    });

    /// <summary>A picture whose subject is found only when <see cref="CornerFinder.Gate"/> is opened.</summary>
    protected static Picture SlowPicture()
    {
        var samples = Squares().Samples.ToArray();
        (samples[0], samples[1], samples[2]) = (CornerFinder.SlowCorner.Red, CornerFinder.SlowCorner.Green, CornerFinder.SlowCorner.Blue);
        return Picture.FromSamples(Side, Side, samples);
    }

    /// <summary>A picture as the file that a user picks.</summary>
    protected static async Task<FilePayload> FileOfAsync(Picture picture)
    {
        using var file = new MemoryStream();
        await new PictureWriter().WriteAsync(picture, file);
        return new FilePayload { Name = "squares.png", MimeType = "image/png", Buffer = file.ToArray() };
    }
}
