using System.CommandLine;
using Emu.Diffusion.Sessions;
using Emu.Editing.Masks;
using Emu.Local.Models;
using Spectre.Console;

namespace Emu.Bench.Edit;

/// <summary>
/// What edits of photographs are worth: masks against known ones, unrelated pixels, drift over ten edits, plans of 300 wordings, and what
/// ffmpeg makes of the same; and what they cost at three sizes.
/// </summary>
internal static class EditEvaluation
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var photos = new Option<string>("--photos") { Description = "The folder with astronaut.png, chelsea.png, coffee.png, rocket.jpg and horse.png of scikit-image.", DefaultValueFactory = _ => Photographs.DebianFolder };
        var sheet = new Option<string?>("--sheet") { Description = "Also writes a contact sheet to this file (WebP)." };
        var costs = new Option<bool>("--costs") { Description = "Only what edits cost at 1, 12 and 50 megapixels." };
        var quality = new Option<bool>("--quality") { Description = "Only what edits are worth." };
        var command = new Command("edit", "Edits of photographs: masks, unrelated pixels, drift, plans, seconds and memory.") { photos, sheet, costs, quality, EditCosts.CreateOne() };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var sessions = new SessionCache(new SessionCacheOptions { Threads = Environment.ProcessorCount });
            var finder = new PhotoMask(PhotoMaskModel.Find(ModelLocator.Folders), sessions);
            var photographs = new Photographs(result.GetValue(photos)!);
            if (!result.GetValue(costs))
            {
                AnsiConsole.Write(Wordings.Measure());
                AnsiConsole.Write(await MaskAccuracy.MeasureAsync(photographs, finder, cancellationToken));
                AnsiConsole.Write(await UnrelatedPixels.MeasureAsync(photographs, finder, cancellationToken));
                AnsiConsole.Write(await Drift.MeasureAsync(photographs, cancellationToken));
                AnsiConsole.Write(await ByHand.MeasureAsync(photographs, cancellationToken));
            }
            if (result.GetValue(sheet) is { } file)
            {
                await ContactSheet.WriteAsync(photographs, finder, file, cancellationToken);
            }
            if (!result.GetValue(quality))
            {
                AnsiConsole.Write(await EditCosts.MeasureAsync(photographs, cancellationToken));
            }
            return 0;
        });
        return command;
    }
}
