using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Operations.Text;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Bench.Edit;

/// <summary>What edits look like: instructions on photographs, each under its picture.</summary>
internal static class ContactSheet
{
    private const int Cell = 300;
    private const int Caption = 30;
    private const int Columns = 4;
    private const int Quality = 80;

    private static readonly (string Photo, string Instruction)[] Cells =
    [
        ("astronaut.png", ""), ("astronaut.png", "make the background teal"), ("astronaut.png", "blur the background"), ("astronaut.png", "write \"Aloha! 🌺\" on it"),
        ("chelsea.png", ""), ("chelsea.png", "make the background black and white"), ("chelsea.png", "make it an oil painting"), ("chelsea.png", "turn it into a watercolor"),
        ("coffee.png", ""), ("coffee.png", "turn it into a pencil sketch"), ("coffee.png", "make it a comic"), ("coffee.png", "write \"صباح الخير ☕\" at the top"),
        ("rocket.jpg", ""), ("rocket.jpg", "make it pixel art"), ("rocket.jpg", "make it sepia and add a vignette"), ("rocket.jpg", "add a cup in the top left corner"),
    ];

    /// <summary>Writes the sheet.</summary>
    public static async Task WriteAsync(Photographs photographs, ISubjectFinder finder, string file, CancellationToken cancellationToken)
    {
        var engine = new EditEngine(finder, await OneSticker.CupAsync(photographs, cancellationToken));
        var sheet = Picture.Filled(Columns * Cell, Cells.Length / Columns * (Cell + Caption), PictureColor.White);
        for (var i = 0; i < Cells.Length; i++)
        {
            var (photo, instruction) = Cells[i];
            var picture = await photographs.ReadAsync(photo, cancellationToken);
            // Small photographs are enlarged first: letters and strokes are then drawn at the size they are seen at, and finer.
            picture = SourcePicture.From(picture.ToPicture().Cover(2 * Cell, 2 * Cell));
            if (instruction.Length > 0)
            {
                picture = (await engine.ApplyAsync(picture, PlanReader.Read([instruction]), new EditInputs { Seed = 1 }, null, cancellationToken)).Picture;
            }
            var caption = SourcePicture.From(Picture.Filled(Cell, Caption, PictureColor.White));
            var words = new WriteText(instruction.Length > 0 ? instruction : photo, Placement.Center, new PictureColor(30, 30, 30), 0.3);
            var written = await new WriteTextOperator().ApplyAsync(new EditContext { Picture = caption }, words, cancellationToken);
            var (left, top) = (i % Columns * Cell, i / Columns * (Cell + Caption));
            sheet = picture.ToPicture().Resized(Cell, Cell).Padded(left, top, sheet.Width, sheet.Height).Over(sheet);
            sheet = written.Picture.ToPicture().Padded(left, top + Cell, sheet.Width, sheet.Height).Over(sheet);
        }
        await new PictureWriter().WriteAsync(sheet, file, new PictureEncoding { Format = PictureFormat.WebP, Quality = Quality }, cancellationToken);
    }
}
