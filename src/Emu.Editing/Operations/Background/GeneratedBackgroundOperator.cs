using Emu.Editing.Plans;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Operations.Background;

/// <summary>
/// Puts the subject before stickers that the sticker model makes: a regular pattern of one, or a scene of several on a ground of
/// their colours. Photographs of scenes are not what that model makes.
/// </summary>
internal sealed class GeneratedBackgroundOperator : IEditOperator<GeneratedBackground>
{
    /// <summary>The longer side of what is composed; stickers are not larger anyway.</summary>
    private const int CanvasSide = 2048;

    /// <summary>How many stickers a scene has.</summary>
    private const int SceneStickers = 3;

    /// <summary>The tallest sticker of a scene, as a share of the shorter side.</summary>
    private const double SceneSize = 0.5;

    /// <summary>Cells of a pattern along the shorter side.</summary>
    private const int PatternCells = 5;

    /// <inheritdoc/>
    public async Task<EditResult> ApplyAsync(EditContext context, GeneratedBackground operation, CancellationToken cancellationToken)
    {
        var maker = context.Stickers ?? throw new EditException("There is no model here that makes a background from words. Give a picture as the background, or name a colour.");
        var stickers = new Picture[operation.Pattern ? 1 : SceneStickers];
        for (var i = 0; i < stickers.Length; i++)
        {
            stickers[i] = await maker.MakeAsync(operation.Prompt, (context.Seed + i) & ((1L << 53) - 1), cancellationToken);
        }
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        var shrink = Math.Min(1, (double)CanvasSide / Math.Max(width, height));
        var size = (Width: Math.Max(1, (int)Math.Round(width * shrink)), Height: Math.Max(1, (int)Math.Round(height * shrink)));
        return await BackgroundOperator.ReplaceAsync(
            context,
            () =>
            {
                var canvas = new StickerCanvas(size.Width, size.Height, stickers[0]);
                if (operation.Pattern)
                {
                    Repeat(canvas, stickers[0]);
                }
                else
                {
                    Scatter(canvas, stickers, context.Seed);
                }
                return Grounds.Of(canvas.ToPicture().Resized(width, height, ResizeFilter.Bicubic));
            },
            cancellationToken);
    }

    /// <summary>Rows of stickers, every other row shifted by half.</summary>
    private static void Repeat(StickerCanvas canvas, Picture sticker)
    {
        var cell = Math.Max(4.0, Math.Min(canvas.Width, canvas.Height) / (double)PatternCells);
        var drawn = sticker.Within((int)(cell * 0.8), (int)(cell * 0.8));
        for (var row = 0; (row - 0.5) * cell < canvas.Height; row++)
        {
            for (var column = 0; (column - 1) * cell < canvas.Width; column++)
            {
                canvas.Draw(drawn, (int)((column - (row % 2 * 0.5) + 0.25) * cell), (int)((row + 0.25) * cell));
            }
        }
    }

    /// <summary>Stickers on a grid shaken by chance, farther up smaller.</summary>
    private static void Scatter(StickerCanvas canvas, Picture[] stickers, long seed)
    {
        var random = new Random((int)(seed % int.MaxValue));
        var shorter = Math.Min(canvas.Width, canvas.Height);
        for (var row = 0; row < 3; row++)
        {
            var size = Math.Max(2, (int)(shorter * SceneSize * (0.5 + (0.25 * row))));
            var count = Math.Max(2, (int)Math.Round((double)canvas.Width / size));
            for (var i = 0; i < count; i++)
            {
                var sticker = stickers[random.Next(stickers.Length)];
                var x = (i + 0.5 + (0.3 * (random.NextDouble() - 0.5))) * canvas.Width / count;
                var y = ((row + 0.6 + (0.2 * (random.NextDouble() - 0.5))) * canvas.Height / 3) + (size * 0.1);
                canvas.Draw(sticker.Within(size, size), (int)x, (int)y);
            }
        }
    }
}
