using Emu.Editing.Plans;
using Emu.Generation.Edits;

namespace Emu.Generation.Tests.Edits;

public class EditPlansTests
{
    [Theory]
    [InlineData("make it black and white", EditTarget.Mask)]
    [InlineData("make the background blue", EditTarget.Mask)]
    [InlineData("flip it", EditTarget.Everything)]
    [InlineData("make it sepia", EditTarget.Everything)]
    public void Read_MaskGiven_StepsThatCanBeAboutARegionAreAboutIt(string prompt, EditTarget target) =>
        Assert.Equal(target, Assert.Single(EditPlans.Read(prompt, null, hasMask: true).Steps).Target);

    [Fact]
    public void Read_LinesOfAPrompt_AreStepsInOrder()
    {
        var plan = EditPlans.Read("make it sepia\n\nflip it", null, hasMask: false);
        Assert.Equal([typeof(Sepia), typeof(Flip)], plan.Steps.Select(step => step.Operation.GetType()));
    }

    [Fact]
    public void Read_AboutAMaskThatIsNotThere_IsRefused()
    {
        Assert.Equal(InstructionError.MaskNeeded, Assert.Throws<InstructionException>(() => EditPlans.Read("remove the marked area", null, hasMask: false)).Code);
        Assert.Equal(EditTarget.Mask, Assert.Single(EditPlans.Read("remove the marked area", null, hasMask: true).Steps).Target);
    }

    [Fact]
    public void TaskNames_AreThoseOfPlans() =>
        Assert.All(EditPlans.TaskNames, name => Assert.Contains($"\"{name}\"", System.Text.Json.JsonSerializer.Serialize(Enum.GetValues<EditTask>(), EditPlan.Json), StringComparison.Ordinal));
}
