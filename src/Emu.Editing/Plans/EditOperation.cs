using System.Text.Json.Serialization;
using Emu.Media.Pictures;

namespace Emu.Editing.Plans;

/// <summary>What a step does. The derived records are all there is; their names in JSON are those of the attributes.</summary>
/// <param name="Task">The task that the operation belongs to.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "operation", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(SolidBackground), "solid_background")]
[JsonDerivedType(typeof(GradientBackground), "gradient_background")]
[JsonDerivedType(typeof(BlurBackground), "blur_background")]
[JsonDerivedType(typeof(TransparentBackground), "transparent_background")]
[JsonDerivedType(typeof(PictureBackground), "picture_background")]
[JsonDerivedType(typeof(GeneratedBackground), "generated_background")]
[JsonDerivedType(typeof(Tint), "tint")]
[JsonDerivedType(typeof(Saturate), "saturate")]
[JsonDerivedType(typeof(Brighten), "brighten")]
[JsonDerivedType(typeof(Contrast), "contrast")]
[JsonDerivedType(typeof(Warm), "warm")]
[JsonDerivedType(typeof(Grey), "grey")]
[JsonDerivedType(typeof(Sharpen), "sharpen")]
[JsonDerivedType(typeof(Blur), "blur")]
[JsonDerivedType(typeof(Rotate), "rotate")]
[JsonDerivedType(typeof(Flip), "flip")]
[JsonDerivedType(typeof(Crop), "crop")]
[JsonDerivedType(typeof(Straighten), "straighten")]
[JsonDerivedType(typeof(MoveSubject), "move_subject")]
[JsonDerivedType(typeof(ScaleSubject), "scale_subject")]
[JsonDerivedType(typeof(Remove), "remove")]
[JsonDerivedType(typeof(AddSticker), "add_sticker")]
[JsonDerivedType(typeof(WriteText), "write_text")]
[JsonDerivedType(typeof(Sepia), "sepia")]
[JsonDerivedType(typeof(Posterize), "posterize")]
[JsonDerivedType(typeof(Vignette), "vignette")]
[JsonDerivedType(typeof(DrawAs), "draw_as")]
[JsonDerivedType(typeof(Detect), "detect")]
[JsonDerivedType(typeof(Segment), "segment")]
[JsonDerivedType(typeof(FreeInstruction), "instruct")]
public abstract record EditOperation([property: JsonIgnore] EditTask Task);

/// <summary>One colour behind the subject.</summary>
/// <param name="Color">The colour.</param>
public sealed record SolidBackground(PictureColor Color) : EditOperation(EditTask.Background);

/// <summary>A gradient behind the subject.</summary>
/// <param name="From">The colour where it begins.</param>
/// <param name="To">The colour where it ends.</param>
/// <param name="Degrees">Its direction: 0 left to right, 90 top to bottom.</param>
public sealed record GradientBackground(PictureColor From, PictureColor To, double Degrees = 90) : EditOperation(EditTask.Background);

/// <summary>The ground out of focus, as a lens would show it.</summary>
/// <param name="Strength">0 (none) to 1 (strong); the radius is up to a twentieth of the shorter side.</param>
public sealed record BlurBackground(double Strength = 0.5) : EditOperation(EditTask.Background);

/// <summary>Nothing behind the subject.</summary>
public sealed record TransparentBackground() : EditOperation(EditTask.Background);

/// <summary>Another picture behind the subject, which covers the whole frame: the one that the user gives with the instruction.</summary>
public sealed record PictureBackground() : EditOperation(EditTask.Background);

/// <summary>A scene behind the subject that the sticker model makes, or a pattern of one sticker.</summary>
/// <param name="Prompt">What it shows.</param>
/// <param name="Pattern">Whether the sticker is repeated as a pattern.</param>
public sealed record GeneratedBackground(string Prompt, bool Pattern) : EditOperation(EditTask.Background);

/// <summary>Gives a region the hue and saturation of a colour; light and shade stay.</summary>
/// <param name="Color">The colour.</param>
/// <param name="Amount">0 (none) to 1 (wholly).</param>
public sealed record Tint(PictureColor Color, double Amount = 1) : EditOperation(EditTask.Color);

/// <summary>Multiplies the saturation.</summary>
/// <param name="Factor">0 (grey) to 4; 1 changes nothing.</param>
public sealed record Saturate(double Factor) : EditOperation(EditTask.Color);

/// <summary>Makes lighter or darker.</summary>
/// <param name="Amount">−1 (much darker) to 1 (much lighter).</param>
public sealed record Brighten(double Amount) : EditOperation(EditTask.Color);

/// <summary>More or less contrast.</summary>
/// <param name="Amount">−1 (flat) to 1 (strong).</param>
public sealed record Contrast(double Amount) : EditOperation(EditTask.Color);

/// <summary>Warmer (yellow) or cooler (blue) light.</summary>
/// <param name="Amount">−1 (cool) to 1 (warm).</param>
public sealed record Warm(double Amount) : EditOperation(EditTask.Color);

/// <summary>Takes the colour away.</summary>
public sealed record Grey() : EditOperation(EditTask.Color);

/// <summary>Unsharp masking.</summary>
/// <param name="Amount">0 (none) to 1 (strong).</param>
public sealed record Sharpen(double Amount = 0.5) : EditOperation(EditTask.Color);

/// <summary>Makes a region soft.</summary>
/// <param name="Amount">0 (none) to 1 (strong).</param>
public sealed record Blur(double Amount = 0.5) : EditOperation(EditTask.Color);

/// <summary>Turns the picture; by quarters its samples are copied.</summary>
/// <param name="Degrees">Clockwise, −360 to 360.</param>
public sealed record Rotate(double Degrees) : EditOperation(EditTask.Geometry);

/// <summary>Mirrors the picture.</summary>
/// <param name="Horizontal">Whether left and right change places; otherwise top and bottom.</param>
public sealed record Flip(bool Horizontal = true) : EditOperation(EditTask.Geometry);

/// <summary>Cuts the borders off.</summary>
/// <param name="ToSubject">Whether the subject's box, with a margin, is kept.</param>
/// <param name="Aspect">Width by height of what is kept; the box's or the picture's own if null.</param>
/// <param name="Side">Which part is kept: <c>left</c>, <c>right</c>, <c>top</c>, <c>bottom</c>, a half, or <c>center</c>.</param>
public sealed record Crop(bool ToSubject = false, double? Aspect = null, string? Side = null) : EditOperation(EditTask.Geometry);

/// <summary>Makes a tilted picture level and cuts the corners off.</summary>
/// <param name="Degrees">Clockwise, −45 to 45; found from the picture's own lines if null.</param>
public sealed record Straighten(double? Degrees = null) : EditOperation(EditTask.Geometry);

/// <summary>Moves the subject; what it leaves is filled.</summary>
/// <param name="Right">How far to the right, as a share of the picture's width, −1 to 1.</param>
/// <param name="Down">How far down, as a share of the picture's height, −1 to 1.</param>
/// <param name="Place">Where to instead, if not null: see <see cref="Placement"/>.</param>
public sealed record MoveSubject(double Right, double Down, Placement? Place = null) : EditOperation(EditTask.Geometry);

/// <summary>Enlarges or shrinks the subject about its foot; what it leaves is filled.</summary>
/// <param name="Factor">0.1 to 4.</param>
public sealed record ScaleSubject(double Factor) : EditOperation(EditTask.Geometry);

/// <summary>Removes the target and fills its place from what lies around it.</summary>
public sealed record Remove() : EditOperation(EditTask.Remove);

/// <summary>Adds a sticker that the sticker model makes.</summary>
/// <param name="Prompt">What it shows.</param>
/// <param name="Place">Where.</param>
/// <param name="Size">Its height as a share of the picture's shorter side, 0.05 to 1; chosen by place if null.</param>
public sealed record AddSticker(string Prompt, Placement Place = Placement.Auto, double? Size = null) : EditOperation(EditTask.Add);

/// <summary>Writes words.</summary>
/// <param name="Words">The words, which may be right-to-left or emoji.</param>
/// <param name="Place">Where.</param>
/// <param name="Color">The letters' colour; white with a dark outline if null.</param>
/// <param name="Size">The letters' height as a share of the picture's height; as large as fits if null.</param>
public sealed record WriteText(string Words, Placement Place = Placement.Auto, PictureColor? Color = null, double? Size = null) : EditOperation(EditTask.Text);

/// <summary>The brown of old photographs.</summary>
public sealed record Sepia() : EditOperation(EditTask.Global);

/// <summary>Few levels a channel.</summary>
/// <param name="Levels">2 to 16.</param>
public sealed record Posterize(int Levels = 4) : EditOperation(EditTask.Global);

/// <summary>Dark corners.</summary>
/// <param name="Amount">0 (none) to 1 (black corners).</param>
public sealed record Vignette(double Amount = 0.5) : EditOperation(EditTask.Global);

/// <summary>Draws the picture by a classical filter.</summary>
/// <param name="Style">The manner.</param>
public sealed record DrawAs(DrawingStyle Style) : EditOperation(EditTask.Style);

/// <summary>Draws a box around the subject and says where it is.</summary>
public sealed record Detect() : EditOperation(EditTask.Detect);

/// <summary>Shows the subject's mask.</summary>
public sealed record Segment() : EditOperation(EditTask.Segment);

/// <summary>What the words say, drawn by an instruct-edit model.</summary>
/// <param name="Instruction">The words, as they were given.</param>
/// <param name="Model">The model's name.</param>
public sealed record FreeInstruction(string Instruction, string Model) : EditOperation(EditTask.Instruct);
