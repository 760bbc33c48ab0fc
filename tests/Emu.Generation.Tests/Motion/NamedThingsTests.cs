using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class NamedThingsTests
{
    /// <summary>Which of two things moves, by hand: "verb number" for each motion, 0 the first thing, 1 the second, * both.</summary>
    [Theory]
    [InlineData("a cat jumps next to a sleeping dog", "jump 0, breathe 1", "FirstLeft")]
    [InlineData("a sleeping dog next to a jumping cat", "breathe 0, jump 1", "FirstLeft")]
    [InlineData("a cat next to a dog that jumps", "jump 1", "FirstLeft")]
    [InlineData("a cat next to a dog jumps", "jump 0", "FirstLeft")]
    [InlineData("a cat next to a dog is jumping", "jump 0", "FirstLeft")]
    [InlineData("a cat next to a dog jumping", "jump 1", "FirstLeft")]
    [InlineData("a cat that jumps and a dog", "jump 0", "FirstLeft")]
    [InlineData("a cat and a dog that spins", "spin 1", "FirstLeft")]
    [InlineData("a cat jumps and a dog spins", "jump 0, spin 1", "FirstLeft")]
    [InlineData("a cat jumps and spins next to a dog", "jump 0, spin 0", "FirstLeft")]
    [InlineData("a cat jumps next to a dog and spins", "jump 0, spin 0", "FirstLeft")]
    [InlineData("a cat jumps while a dog sleeps", "jump 0, breathe 1", "FirstLeft")]
    [InlineData("a cat and a dog jump", "jump *", "FirstLeft")]
    [InlineData("a cat and a dog are dancing", "dance *", "FirstLeft")]
    [InlineData("a cat and a dog both jump", "jump *", "FirstLeft")]
    [InlineData("a dancing cat and dog", "dance *", "FirstLeft")]
    [InlineData("a dancing cat and a dog", "dance 0", "FirstLeft")]
    [InlineData("a jumping cat and sleeping dog", "jump 0, breathe 1", "FirstLeft")]
    [InlineData("a cow jumps over the moon", "jump 0", "FirstAbove")]
    [InlineData("a spinning star below a cloud", "spin 0", "FirstBelow")]
    [InlineData("a robot dances to the right of a tree", "dance 0", "FirstRight")]
    [InlineData("a cat on the right and a jumping dog on the left", "jump 1", "FirstLeft")]
    [InlineData("a cat at the bottom and a jumping dog at the top", "jump 1", "FirstBelow")]
    [InlineData("a red ball bounces slowly and a blue ball spins fast", "bounce 0, spin 1", "FirstLeft")]
    [InlineData("a balloon moves to the right above a car", "drift right 0", "FirstAbove")]
    public void Read_TwoThings_GivesEveryVerbItsSubject(string prompt, string expected, string layout)
    {
        var read = MotionReader.Read(prompt);
        Assert.Equal(expected, string.Join(", ", read.Steps.Select(step => $"{step.Verb.Name} {step.Thing?.ToString() ?? "*"}")));
        Assert.Equal(layout, read.Layout?.ToString());
    }

    [Theory]
    [InlineData("a cat jumps and spins")]
    [InlineData("a black and white cat jumps")]
    [InlineData("a cat jumps on a red and blue background")]
    [InlineData("a duck jumps over there")]
    [InlineData("a cat with a hat and a stick jumps")]
    [InlineData("two cats and a dog that jumps")]
    [InlineData("a cat, a dog and a bird that jumps")]
    [InlineData("a robot turns around and jumps on the left")]
    public void Read_OneThingOrThree_MovesEverything(string prompt)
    {
        var read = MotionReader.Read(prompt);
        Assert.NotEmpty(read.Steps);
        Assert.All(read.Steps, step => Assert.Null(step.Thing));
        Assert.Null(read.Layout);
    }

    [Theory]
    [InlineData("a cat jumps next to a sleeping dog", "a cat next to a dog")]
    [InlineData("a cat jumps while a dog sleeps", "a cat and a dog")]
    [InlineData("a cat and a dog both jump", "a cat and a dog")]
    [InlineData("a cat and a dog jump", "a cat and a dog")]
    public void Read_TwoThings_TellsThePictureWithoutItsMotion(string prompt, string picture) => Assert.Equal(picture, MotionReader.Read(prompt).Picture);

    [Theory]
    [InlineData("a cat and a ski jump")]
    [InlineData("a dog and a drum roll")]
    [InlineData("a sun and a heat wave")]
    public void Read_NounAfterTwoThings_MovesNothing(string prompt) => Assert.Empty(MotionReader.Read(prompt).Steps);
}
