using System.Reflection;
using System.Text.Json.Serialization;
using Emu.Media.Pictures;

namespace Emu.Editing.Plans;

/// <summary>One thing that can be done to a picture.</summary>
/// <param name="Operation">The operation's name in JSON: <c>solid_background</c>.</param>
/// <param name="Task">The task that it belongs to.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Targets">The parts of the picture that it can be done to, the usual one first.</param>
/// <param name="Examples">Wordings that are understood as it.</param>
public sealed record EditCatalogEntry(string Operation, EditTask Task, string Summary, IReadOnlyList<EditTarget> Targets, IReadOnlyList<string> Examples)
{
    /// <summary>Whether an instruct-edit model does it, so that the grammar does not read the examples.</summary>
    public bool NeedsModel { get; init; }

    internal Type Type { get; init; } = typeof(EditOperation);
}

/// <summary>All that can be done to a picture, once: help, messages, docs and the API show this table, and plans are held to it.</summary>
public static class EditCatalog
{
    private static readonly Dictionary<Type, string> Names = typeof(EditOperation).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(type => type.DerivedType, type => (string)type.TypeDiscriminator!);
    private static readonly EditTarget[] Regions = [EditTarget.Everything, EditTarget.Subject, EditTarget.Ground, EditTarget.Mask];

    /// <summary>The table, in the order of tasks.</summary>
    public static IReadOnlyList<EditCatalogEntry> Entries { get; } =
    [
        Of(new SolidBackground(PictureColor.White), "one colour behind the subject", [EditTarget.Ground], "make the background blue", "put her on a white background"),
        Of(new GradientBackground(PictureColor.White, PictureColor.Black), "a gradient behind the subject", [EditTarget.Ground], "make the background a gradient from red to yellow"),
        Of(new BlurBackground(), "the ground out of focus", [EditTarget.Ground], "blur the background", "blur what's behind her a bit"),
        Of(new TransparentBackground(), "nothing behind the subject", [EditTarget.Ground], "remove the background", "cut her out"),
        Of(new PictureBackground(), "another picture behind the subject", [EditTarget.Ground], "use my picture as the background"),
        Of(new GeneratedBackground("", false), "a made scene or pattern behind the subject", [EditTarget.Ground], "put her on a beach", "pattern of pizzas behind her"),
        Of(new Tint(PictureColor.White), "another colour", [EditTarget.Subject, EditTarget.Everything, EditTarget.Ground, EditTarget.Mask], "make the cat orange", "tint the picture blue"),
        Of(new Saturate(1), "more or less colourful", Regions, "make the colors pop", "less saturation"),
        Of(new Brighten(0), "lighter or darker", Regions, "make it brighter", "darken the background"),
        Of(new Contrast(0), "more or less contrast", Regions, "more contrast"),
        Of(new Warm(0), "warmer or cooler light", Regions, "make it warmer", "make the background cooler"),
        Of(new Grey(), "black and white", Regions, "make it black and white", "make everything black and white except the cat"),
        Of(new Sharpen(), "sharper", Regions, "sharpen the picture"),
        Of(new Blur(), "blurred", [EditTarget.Everything, EditTarget.Subject, EditTarget.Mask], "blur the marked area"),
        Of(new Rotate(0), "the picture turned", [EditTarget.Everything], "rotate the picture 90 degrees counter-clockwise", "turn it upside down"),
        Of(new Flip(), "the picture mirrored", [EditTarget.Everything], "flip the picture", "flip it vertically"),
        Of(new Crop(), "borders cut off", [EditTarget.Everything], "crop to a square", "crop to the subject", "crop to the left half"),
        Of(new Straighten(), "a tilted picture levelled", [EditTarget.Everything], "straighten the horizon"),
        Of(new MoveSubject(0, 0), "the subject moved", [EditTarget.Subject], "move him to the right"),
        Of(new ScaleSubject(1), "the subject larger or smaller", [EditTarget.Subject], "make the dog bigger"),
        Of(new Remove(), "something gone, and its place filled", [EditTarget.Subject, EditTarget.Mask], "remove the person", "remove the marked area"),
        Of(new AddSticker(""), "a sticker added", [EditTarget.Everything, EditTarget.Mask], "add a crown", "put a hat on her head"),
        Of(new WriteText(""), "words written", [EditTarget.Everything, EditTarget.Mask], "write \"Aloha!\" at the bottom in red"),
        Of(new Sepia(), "the brown of old photographs", [EditTarget.Everything], "make it sepia"),
        Of(new Posterize(), "few levels a channel", [EditTarget.Everything], "posterize it to 4 levels"),
        Of(new Vignette(), "dark corners", [EditTarget.Everything], "add a vignette"),
        Of(new DrawAs(DrawingStyle.Sketch), "drawn as a sketch, oil painting, pixel art, comic or watercolour", [EditTarget.Everything], "make it look like a pencil drawing", "turn it into an oil painting"),
        Of(new Detect(), "a box around the subject", [EditTarget.Subject], "draw a box around the subject"),
        Of(new Segment(), "the subject's mask", [EditTarget.Subject], "show the mask of the subject"),
        Of(new FreeInstruction("", ""), "anything else, drawn by an instruct-edit model", Regions, "make it look like winter", "turn the apples into oranges") with { NeedsModel = true },
    ];

    /// <summary>What the grammar reads, and no model is needed to understand.</summary>
    public static IEnumerable<EditCatalogEntry> Read { get; } = [.. Entries.Where(entry => !entry.NeedsModel)];

    /// <summary>The entry of an operation.</summary>
    public static EditCatalogEntry Of(EditOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Entries.First(entry => entry.Type == operation.GetType());
    }

    /// <summary>What can be done for a task, in one line: "a crown added ('add a crown'), …".</summary>
    public static string Describe(EditTask task) => string.Join("; ", Entries.Where(entry => entry.Task == task).Select(entry => $"{entry.Summary} (\"{entry.Examples[0]}\")"));

    private static EditCatalogEntry Of(EditOperation sample, string summary, EditTarget[] targets, params string[] examples) =>
        new(Names[sample.GetType()], sample.Task, summary, targets, examples) { Type = sample.GetType() };
}
