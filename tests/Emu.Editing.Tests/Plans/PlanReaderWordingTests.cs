using Emu.Editing.Plans;

namespace Emu.Editing.Tests.Plans;

/// <summary>
/// How many of the wordings that were written down by hand, before the grammar, are read as meant. <c>wordings.json</c> was looked at
/// while the grammar was written; <c>held-out.json</c>, drawn from the same list at random, was not.
/// </summary>
public sealed class PlanReaderWordingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("wordings.json", 0.9)]
    [InlineData("further.json", 0.9)]
    public void Read_OfWordings_IsAsMeant(string file, double share)
    {
        var wordings = Wording.Load(file);

        string[] mistakes = [.. wordings.Select(wording => wording.Mistake()).OfType<string>()];

        var right = 1 - (mistakes.Length / (double)wordings.Count);
        output.WriteLine($"{file}: {wordings.Count - mistakes.Length} of {wordings.Count} ({right:P1}) are read as meant.");
        Assert.True(right >= share, $"{right:P1} are read as meant; {string.Join('\n', mistakes)}");
    }

    [Fact]
    public void Read_OfWhatIsNoEdit_IsRefused()
    {
        string[] read = [.. Wording.LoadRefused().Where(IsRead)];

        Assert.Empty(read);
    }

    private static bool IsRead(string instruction)
    {
        try
        {
            _ = PlanReader.Read([instruction]);
            return true;
        }
        catch (InstructionException)
        {
            return false;
        }
    }
}
