using Emu.Editing.Operations.Placing;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Add;

/// <summary>What a sticker's colours are multiplied by so that it fits its surroundings: gently, so that it keeps its own colours.</summary>
/// <param name="Red">For red.</param>
/// <param name="Green">For green.</param>
/// <param name="Blue">For blue.</param>
internal sealed record StickerLight(float Red, float Green, float Blue)
{
    // How much of the difference is taken over.
    private const float Exposure = 0.30f;
    private const float Warmth = 0.22f;

    // Middle grey in encoded values: surroundings as light as this change nothing.
    private const float Middle = 0.5f;

    /// <summary>The light around a box: of a region twice as wide and high.</summary>
    public static StickerLight Of(SourcePicture picture, Box box)
    {
        var around = GroundTone.Of(picture, new Box(box.X - (box.Width / 2), box.Y - (box.Height / 2), box.Width * 2, box.Height * 2));
        var luma = (0.2126f * around.Red) + (0.7152f * around.Green) + (0.0722f * around.Blue);
        var gain = Math.Clamp(MathF.Pow(Math.Max(luma, 0.02f) / Middle, Exposure), 0.72f, 1.12f);
        return new StickerLight(Gain(around.Red), Gain(around.Green), Gain(around.Blue));

        float Gain(float channel) => gain * Math.Clamp(MathF.Pow((channel + 0.15f) / (luma + 0.15f), Warmth), 0.85f, 1.15f);
    }
}
