using Emu.Diffusion.Tests;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Plans;

public sealed class PlanReaderTests
{
    public static TheoryData<string, string> Examples => [.. EditCatalog.Read.SelectMany(entry => entry.Examples.Select(example => new TheoryDataRow<string, string>(example, entry.Operation)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Read_OfAnExampleOfTheCatalog_IsThatOperation(string example, string operation) =>
        Assert.Equal(operation, EditCatalog.Of(Assert.Single(PlanReader.Read([example]).Steps).Operation).Operation);

    [Fact]
    public void Read_OfAnExampleThatNeedsAModel_IsRefusedAndFollowedByAModel() =>
        Assert.All(EditCatalog.Entries.Where(entry => entry.NeedsModel).SelectMany(entry => entry.Examples), example =>
        {
            Assert.Equal(InstructionError.NotUnderstood, Assert.Throws<InstructionException>(() => PlanReader.Read([example])).Code);
            Assert.Equal(new FreeInstruction(example, "pix2pix"), Assert.Single(PlanReader.Read([example], follower: new("pix2pix", false)).Steps).Operation);
        });

    [Fact]
    public void Read_WithAFollower_GivesItWholeInstructionsThatTheGrammarDoesNotRead()
    {
        var plan = PlanReader.Read(["make it warmer", "make it sepia and make her dance", "flip it"], follower: new("pix2pix", false));

        Assert.Equal([new Warm(0.3), new FreeInstruction("make it sepia and make her dance", "pix2pix"), new Flip()], plan.Steps.Select(step => step.Operation));
        Assert.Equal(["The grammar does not read \"make it sepia and make her dance\": the model 'pix2pix' follows it."], plan.Notes);
    }

    [Theory]
    [InlineData("remove the lamp", false, "instruct")]
    [InlineData("remove the lamp", true, "remove")]
    [InlineData("rotate the cat 90 degrees", false, "instruct")]
    [InlineData("make it sepia", false, "sepia")]
    public void Read_WithAFollower_GivesItWhatTheGrammarCannotDo(string instruction, bool hasMask, string operation) =>
        Assert.Equal(operation, EditCatalog.Of(Assert.Single(PlanReader.Read([instruction], follower: new("pix2pix", hasMask)).Steps).Operation).Operation);

    [Theory]
    [InlineData("don't change the background", InstructionError.ConstraintNotSupported)]
    [InlineData("make it not blue", InstructionError.ConstraintNotSupported)]
    [InlineData("posterize it to 400 levels", InstructionError.OutOfRange)]
    public void Read_WithAFollower_StillRefusesWhatTheGrammarUnderstands(string instruction, InstructionError code) =>
        Assert.Equal(code, Assert.Throws<InstructionException>(() => PlanReader.Read([instruction], follower: new("pix2pix", false))).Code);

    [Fact]
    public void Read_TaskInstruct_AsksNoGrammar()
    {
        Assert.Equal(new FreeInstruction("make it sepia", "pix2pix"), Assert.Single(PlanReader.Read([" make it sepia "], EditTask.Instruct, new("pix2pix", false)).Steps).Operation);
        Assert.Equal(InstructionError.OtherTask, Assert.Throws<InstructionException>(() => PlanReader.Read(["make it sepia"], EditTask.Instruct)).Code);
        Assert.Equal(InstructionError.NotUnderstood, Assert.Throws<InstructionException>(() => PlanReader.Read(["make it look like winter"], EditTask.Color, new("pix2pix", false))).Code);
    }

    [Fact]
    public void Catalog_HasEveryOperationOnce() =>
        Assert.Equal(
            typeof(EditOperation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(EditOperation))).Select(type => type.Name).Order(),
            EditCatalog.Entries.Select(entry => entry.Type.Name).Order());

    [Fact]
    public void Docs_ListTheWholeCatalog()
    {
        var docs = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "edits.md"));

        Assert.All(EditCatalog.Entries, entry =>
            Assert.Contains($"| {entry.Task.ToString().ToLowerInvariant()} | {entry.Summary} | {string.Join(", ", entry.Targets.Select(Name))} | {string.Join("<br>", entry.Examples)} |", docs, StringComparison.Ordinal));

        static string Name(EditTarget target) => target switch { EditTarget.Everything => "the picture", EditTarget.Subject => "subject", EditTarget.Ground => "background", _ => "marked area" };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_OfAnyWords_IsAPlanOrARefusal(int seed)
    {
        // Words of the wordings themselves, in any order: what fits patterns most. Long texts show wordings that would take forever.
        string[] words = [.. EditCatalog.Entries.SelectMany(entry => entry.Examples).SelectMany(example => example.Split(' ')), ",", "and", "except", "by", "30", "%", "\"", "not", "lot", "of", "the", "a", "'s"];
        Random random = new(seed);
        var plans = 0;
        for (var round = 0; round < 300; round++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, round % 50 == 0 ? 150 : 12)).Select(_ => words[random.Next(words.Length)]));
            try
            {
                var plan = PlanReader.Read([text[..Math.Min(text.Length, PlanReader.MaxLength)]]);
                Assert.All(plan.Steps, step => Assert.Contains(step.Target, EditCatalog.Of(step.Operation).Targets));
                plans++;
            }
            catch (InstructionException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }

        Assert.InRange(plans, 1, 200);
    }

    [Fact]
    public void Read_OfSeveralInstructions_IsTheirStepsInOrderWithTheirWords()
    {
        var plan = PlanReader.Read(["Make the CAT orange, then blur the background", "write \"Hello, World and more\" at the top"]);

        Assert.Equal(
            [
                new EditStep(new Tint(new PictureColor(255, 165, 0)), EditTarget.Subject, "Make the CAT orange"),
                new EditStep(new BlurBackground(), EditTarget.Ground, "blur the background"),
                new EditStep(new WriteText("Hello, World and more", Placement.Top), EditTarget.Everything, "write \"Hello, World and more\" at the top"),
            ],
            plan.Steps);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Read_OneClauseNotUnderstood_RefusesAllAndNamesIt()
    {
        var exception = Assert.Throws<InstructionException>(() => PlanReader.Read(["make the background blue and make her dance"]));

        Assert.Equal((InstructionError.NotUnderstood, "make her dance"), (exception.Code, exception.Clause));
    }

    [Theory]
    [InlineData("rotate the cat 90 degrees", InstructionError.TargetNotSupported)]
    [InlineData("rotate it by 500 degrees", InstructionError.OutOfRange)]
    [InlineData("posterize to 900 levels", InstructionError.OutOfRange)]
    [InlineData("don't change the background", InstructionError.ConstraintNotSupported)]
    [InlineData("do not remove the dog", InstructionError.ConstraintNotSupported)]
    [InlineData("make her purple but keep her hair", InstructionError.ConstraintNotSupported)]
    [InlineData("rotate it right without changing the background", InstructionError.ConstraintNotSupported)]
    [InlineData("add a vase on the table", InstructionError.MaskNeeded)]
    [InlineData("add a balloon and make it blue", InstructionError.TargetNotSupported)]
    [InlineData("  ", InstructionError.Empty)]
    [InlineData("please, thanks!", InstructionError.NotUnderstood)]
    public void Read_OfWhatCannotBeDone_SaysWhy(string instruction, InstructionError code) =>
        Assert.Equal(code, Assert.Throws<InstructionException>(() => PlanReader.Read([instruction])).Code);

    [Fact]
    public void Read_TooLong_IsRefused()
    {
        Assert.Equal(InstructionError.TooLong, Assert.Throws<InstructionException>(() => PlanReader.Read([new string('a', PlanReader.MaxLength + 1)])).Code);
        Assert.Equal(InstructionError.TooLong, Assert.Throws<InstructionException>(() => PlanReader.Read([.. Enumerable.Repeat("make it warmer", PlanReader.MaxSteps + 1)])).Code);
    }

    [Theory]
    [InlineData("make the background blurple", "make the background purple")]
    [InlineData("make the cat orage", "make the cat orange")]
    [InlineData("do a crop of the subject", "crop to the subject")]
    public void Read_NearlyUnderstood_SuggestsTheNearest(string instruction, string suggestion)
    {
        var exception = Assert.Throws<InstructionException>(() => PlanReader.Read([instruction]));

        Assert.Equal(suggestion, exception.Suggestion);
        Assert.Contains(suggestion, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blur the backgruond", "'backgruond' is read as 'background'.")]
    [InlineData("make the sky pink", "'the sky' is read as all that lies behind the subject.")]
    [InlineData("remove the guy on the left", "'the guy on the left' is read as the subject: all that the picture shows in front.")]
    [InlineData("remove the lamp", "'the lamp' is not found by its name: the step is about the painted mask.")]
    public void Read_WithAChoiceMade_SaysSo(string instruction, string note) => Assert.Equal([note], PlanReader.Read([instruction]).Notes);

    [Fact]
    public void RequireMask_OfAThingThatOnlyAMaskShows_IsRefused()
    {
        var plan = PlanReader.Read(["make it warmer, then remove the lamp"]);

        Assert.True(plan.NeedsMask);
        Assert.Equal("remove the lamp", Assert.Throws<InstructionException>(() => PlanReader.RequireMask(plan)).Clause);
        PlanReader.RequireMask(PlanReader.Read(["remove the man"]));
    }

    [Theory]
    [InlineData("make it brighter but keep the background", EditTarget.Subject)]
    [InlineData("don't touch her. Make it brighter", EditTarget.Ground)]
    [InlineData("make it brighter, except for the dog", EditTarget.Ground)]
    [InlineData("make her brighter and leave the background as it is", EditTarget.Subject)]
    public void Read_WithWhatIsToBeKept_NarrowsTheStep(string instruction, EditTarget target)
    {
        var step = Assert.Single(PlanReader.Read([instruction]).Steps);

        Assert.Equal((new Brighten(0.3), target), (step.Operation, step.Target));
    }

    [Theory]
    [InlineData("a beach", EditTask.Background, "generated_background")]
    [InlineData("blue", EditTask.Background, "solid_background")]
    [InlineData("blue", EditTask.Color, "tint")]
    [InlineData("a crown", EditTask.Add, "add_sticker")]
    [InlineData("the man", EditTask.Remove, "remove")]
    [InlineData("pencil", EditTask.Style, "draw_as")]
    [InlineData("Aloha", EditTask.Text, "write_text")]
    [InlineData("the dog", EditTask.Detect, "detect")]
    [InlineData("the dog", EditTask.Segment, "segment")]
    public void Read_WithATask_UnderstandsBareWords(string instruction, EditTask task, string operation) =>
        Assert.Equal(operation, EditCatalog.Of(Assert.Single(PlanReader.Read([instruction], task).Steps).Operation).Operation);

    [Fact]
    public void Read_OfAnotherTask_IsRefused() =>
        Assert.Equal(InstructionError.OtherTask, Assert.Throws<InstructionException>(() => PlanReader.Read(["make it sepia"], EditTask.Remove)).Code);

    [Theory]
    [InlineData("remove the schnauzer", EditTarget.Subject)]
    [InlineData("make the fireman brighter", EditTarget.Subject)]
    [InlineData("remove the lamp", EditTarget.Mask)]
    public void Read_OfANoun_IsTheSubjectIfItNamesAPersonOrAnAnimal(string instruction, EditTarget target) =>
        Assert.Equal(target, Assert.Single(PlanReader.Read([instruction]).Steps).Target);

    [Theory]
    [InlineData("add a speech bubble saying Hello", "write \"Hello\"")]
    [InlineData("move the rocket to the left", "move him to the right")]
    public void Read_OfWhatCannotBeDoneToThat_SaysWhatCan(string instruction, string suggestion)
    {
        var exception = Assert.Throws<InstructionException>(() => PlanReader.Read([instruction]));

        Assert.Equal((InstructionError.TargetNotSupported, suggestion), (exception.Code, exception.Suggestion));
    }

    [Theory]
    [InlineData("make everything except the subject grey", "grey")]
    [InlineData("make everything but the cat gray", "grey")]
    [InlineData("make the background grey", "solid_background")]
    [InlineData("make everything but the cat blue", "solid_background")]
    public void Read_OfGrey_TakesTheColourOfEverythingElseAway(string instruction, string operation)
    {
        var step = Assert.Single(PlanReader.Read([instruction]).Steps);

        Assert.Equal((operation, EditTarget.Ground), (EditCatalog.Of(step.Operation).Operation, step.Target));
    }

    [Fact]
    public void Read_OfALook_IsNoSticker() => Assert.Throws<InstructionException>(() => PlanReader.Read(["give it a dreamy look"]));
}
