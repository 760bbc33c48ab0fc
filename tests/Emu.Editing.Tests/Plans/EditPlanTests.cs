using System.Text.Json;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Plans;

public sealed class EditPlanTests
{
    [Fact]
    public void Json_OfEveryOperation_ReadsBackTheSame()
    {
        EditOperation[] operations =
        [
            new SolidBackground(new PictureColor(1, 2, 3)), new GradientBackground(PictureColor.White, PictureColor.Black, 45), new BlurBackground(0.25), new TransparentBackground(),
            new PictureBackground(), new GeneratedBackground("a pizza", true), new Tint(PictureColor.Black, 0.5), new Saturate(2), new Brighten(-0.5), new Contrast(0.5), new Warm(-1), new Grey(),
            new Sharpen(0.75), new Blur(1), new Rotate(90), new Flip(false), new Crop(true, 1.5, "left"), new Straighten(3), new MoveSubject(0.1, -0.2, Placement.Left), new ScaleSubject(2), new Remove(),
            new AddSticker("a crown", Placement.OnTopOfSubject, 0.3), new WriteText("Aloha!", Placement.Bottom, PictureColor.White, 0.1), new Sepia(), new Posterize(5), new Vignette(1),
            new DrawAs(DrawingStyle.Comic), new Detect(), new Segment(), new FreeInstruction("make it look like winter", "pix2pix"),
        ];
        var plan = new EditPlan { Steps = [.. operations.Select(operation => new EditStep(operation, EditTarget.Subject, "words"))] };

        var read = JsonSerializer.Deserialize<EditPlan>(JsonSerializer.Serialize(plan, EditPlan.Json), EditPlan.Json)!;

        Assert.Equal(plan.Steps, read.Steps);
        Assert.Equal(typeof(EditOperation).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(EditOperation))), operations.Length);
    }

    [Fact]
    public void Steps_None_AreRefused() => Assert.Throws<ArgumentException>(() => new EditPlan { Steps = [] });
}
