using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class MotionReaderTests
{
    [Theory]
    [InlineData("a cat jumps", "jump")]
    [InlineData("a jumping frog", "jump")]
    [InlineData("two cats jump", "jump")]
    [InlineData("a duck that jumps up and down", "jump")]
    [InlineData("a rabbit hopping", "jump")]
    [InlineData("a rabbit hops", "jump")]
    [InlineData("a ball bounces", "bounce")]
    [InlineData("a bouncing ball", "bounce")]
    [InlineData("a bouncy castle of gold", "bounce")]
    [InlineData("a spinning coin", "spin")]
    [InlineData("a coin spins", "spin")]
    [InlineData("the coin is rotating", "spin")]
    [InlineData("a planet revolves", "spin")]
    [InlineData("a pizza spins counterclockwise", "spin back")]
    [InlineData("a robot turns around", "turn")]
    [InlineData("a ballerina twirling", "turn")]
    [InlineData("a monkey does a backflip", "flip")]
    [InlineData("a cat somersaults", "flip")]
    [InlineData("a monkey swings", "swing")]
    [InlineData("a bell dangling", "swing")]
    [InlineData("a palm tree sways", "sway")]
    [InlineData("flowers sway", "sway")]
    [InlineData("an owl tilts its head", "tilt")]
    [InlineData("a robot nods", "nod")]
    [InlineData("a dog nodding", "nod")]
    [InlineData("a face shaking", "shake")]
    [InlineData("a jelly wobbles", "wobble")]
    [InlineData("a custard jiggling", "wobble")]
    [InlineData("a heart pulses", "pulse")]
    [InlineData("a beating heart", "pulse")]
    [InlineData("a throbbing thumb", "pulse")]
    [InlineData("a sleeping dog", "breathe")]
    [InlineData("a bear snores", "breathe")]
    [InlineData("a plant grows", "grow")]
    [InlineData("a balloon that inflates", "grow")]
    [InlineData("a star shrinks", "shrink")]
    [InlineData("a ghost floats", "float")]
    [InlineData("a hovering drone", "float")]
    [InlineData("a bird flies", "float")]
    [InlineData("a fish swims", "float")]
    [InlineData("a penguin slides", "slide")]
    [InlineData("a crab moves sideways", "slide")]
    [InlineData("a cloud drifts left", "drift left")]
    [InlineData("a car moves to the right", "drift right")]
    [InlineData("a train going right", "drift right")]
    [InlineData("a balloon rises", "fly up")]
    [InlineData("a rocket takes off", "fly up")]
    [InlineData("a rocket flies up", "fly up")]
    [InlineData("a leaf falls", "fall")]
    [InlineData("a falling leaf", "fall")]
    [InlineData("a ball rolls", "roll")]
    [InlineData("a phone vibrates", "tremble")]
    [InlineData("a shivering penguin", "tremble")]
    [InlineData("a tree bends", "bend")]
    [InlineData("a waving snowman", "bend")]
    [InlineData("a flag flutters", "ripple")]
    [InlineData("a wiggling worm", "ripple")]
    [InlineData("a flag waves in the wind", "ripple")]
    [InlineData("a cat stretches", "stretch")]
    [InlineData("a dancing banana", "dance")]
    [InlineData("a robot dances", "dance")]
    [InlineData("two robots dance", "dance")]
    [InlineData("a bee circling", "circle")]
    [InlineData("a fly goes in circles", "circle")]
    [InlineData("a penguin walks", "walk")]
    [InlineData("a penguin waddling", "walk")]
    [InlineData("people run", "walk")]
    [InlineData("a ghost fades in and out", "fade")]
    [InlineData("a wizard vanishes", "fade")]
    [InlineData("a twinkling star", "blink")]
    [InlineData("a mole pops up", "pop")]
    public void Read_VerbInAnyForm_FindsItsMotion(string prompt, string motion)
    {
        var reading = MotionReader.Read(prompt);
        Assert.Equal([motion], reading.Steps.Select(step => step.Verb.Name));
        Assert.False(reading.IsStill);
    }

    [Theory]
    [InlineData("a rubber duck")]
    [InlineData("a rocking chair")]
    [InlineData("a rocking horse")]
    [InlineData("a cat on the left")]
    [InlineData("a party hat")]
    [InlineData("a party popper")]
    [InlineData("a swing set")]
    [InlineData("a swing in a garden")]
    [InlineData("a playground with slides and swings")]
    [InlineData("a water slide")]
    [InlineData("water slides")]
    [InlineData("a walking stick")]
    [InlineData("a sleeping bag")]
    [InlineData("dancing shoes")]
    [InlineData("a flying saucer")]
    [InlineData("a flying fish")]
    [InlineData("a jumping spider")]
    [InlineData("jumping jacks")]
    [InlineData("a jump rope")]
    [InlineData("a bouncing castle")]
    [InlineData("a bounce house")]
    [InlineData("kids bounce house")]
    [InlineData("a running shoe")]
    [InlineData("a spinning wheel")]
    [InlineData("a rolling pin")]
    [InlineData("a face with rolling eyes")]
    [InlineData("a swimming pool")]
    [InlineData("a sliding door")]
    [InlineData("the leaning tower of pisa")]
    [InlineData("a tree in the fall")]
    [InlineData("fall leaves")]
    [InlineData("niagara falls")]
    [InlineData("ocean waves")]
    [InlineData("an ocean wave")]
    [InlineData("a heat wave")]
    [InlineData("a fly on a flower")]
    [InlineData("two flies")]
    [InlineData("a butterfly")]
    [InlineData("a bow and arrow")]
    [InlineData("a bow tie")]
    [InlineData("a red circle")]
    [InlineData("three red circles")]
    [InlineData("a milk shake")]
    [InlineData("milk shakes")]
    [InlineData("a root beer float")]
    [InlineData("parade floats")]
    [InlineData("spring rolls")]
    [InlineData("a cinnamon roll")]
    [InlineData("bread rolls and butter")]
    [InlineData("a drum roll")]
    [InlineData("ice pops")]
    [InlineData("popping corn")]
    [InlineData("a pop star")]
    [InlineData("a dance floor")]
    [InlineData("a flip phone")]
    [InlineData("flip flops")]
    [InlineData("a flash drive")]
    [InlineData("a squash")]
    [InlineData("yellow squashes")]
    [InlineData("a river bend")]
    [InlineData("a ski jump")]
    [InlineData("a beat box")]
    [InlineData("a house on the right")]
    [InlineData("a walkway")]
    [InlineData("a still life with fruit")]
    [InlineData("a frozen lake")]
    [InlineData("a breath of air")]
    [InlineData("a shooting star")]
    [InlineData("a grooved record")]
    [InlineData("a growth chart")]
    public void Read_NounOfTheSameSpelling_FindsNothing(string prompt)
    {
        var reading = MotionReader.Read(prompt);
        Assert.Empty(reading.Steps);
        Assert.False(reading.IsStill);
    }

    [Theory]
    [InlineData("a cat jumps and spins", "jump", "spin")]
    [InlineData("a cat that spins and jumps", "spin", "jump")]
    [InlineData("two robots dance and spin", "dance", "spin")]
    [InlineData("a jumping, spinning coin", "jump", "spin")]
    [InlineData("a dancing robot grows", "dance", "grow")]
    public void Read_TwoMotions_FindsBoth(string prompt, string first, string second) =>
        Assert.Equal([first, second], MotionReader.Read(prompt).Steps.Select(step => step.Verb.Name));

    [Theory]
    [InlineData("a cat standing still")]
    [InlineData("a motionless robot")]
    [InlineData("a duck that does not move")]
    [InlineData("a statue, not moving")]
    [InlineData("a soldier stands perfectly still")]
    public void Read_StandingStill_SaysSo(string prompt)
    {
        var reading = MotionReader.Read(prompt);
        Assert.True(reading.IsStill);
        Assert.Empty(reading.Steps);
    }

    [Theory]
    [InlineData("a cat not jumping")]
    [InlineData("a horse without jumping")]
    [InlineData("a cat never jumps")]
    [InlineData("a robot that doesn't dance")]
    public void Read_Negation_FindsNothing(string prompt) => Assert.Empty(MotionReader.Read(prompt).Steps);

    [Theory]
    [InlineData("a duck jumps on a blue background", "a duck on a blue background")]
    [InlineData("a cat that jumps and spins", "a cat")]
    [InlineData("a jumping, spinning coin", "a coin")]
    [InlineData("The coin is rotating very fast", "The coin very")]
    [InlineData("a robot nods three times", "a robot")]
    [InlineData("a car moves to the right", "a car")]
    [InlineData("two cats jump", "two cats")]
    [InlineData("a cat standing still", "a cat")]
    [InlineData("a 🦆 jumps", "a 🦆")]
    [InlineData("person walking", "person walking")]
    [InlineData("a sleeping face", "a sleeping face")]
    [InlineData("a walking stick, red", "a walking stick, red")]
    [InlineData("dancing", "dancing")]
    [InlineData("une étoile qui brille ★", "une étoile qui brille ★")]
    public void Read_AnyPrompt_TellsThePictureWithoutItsMotion(string prompt, string picture) => Assert.Equal(picture, MotionReader.Read(prompt).Picture);

    [Fact]
    public void Read_Amounts_BelongToTheNearestVerb()
    {
        var usual = Assert.Single(MotionReader.Read("a cat dances").Steps);
        var gently = Assert.Single(MotionReader.Read("a cat gently dances").Steps);
        var wildly = Assert.Single(MotionReader.Read("a cat dances wildly").Steps);
        Assert.True(gently.Amount < usual.Amount && usual.Amount < wildly.Amount);
        var both = MotionReader.Read("a cat jumps slowly and spins fast").Steps;
        Assert.Equal((1, 2), (both[0].Beats, both[1].Beats));
        Assert.Equal(3, Assert.Single(MotionReader.Read("a robot nods three times").Steps).Beats);
        Assert.Equal(1, Assert.Single(MotionReader.Read("a slowly pulsing heart").Steps).Beats);
    }
}
