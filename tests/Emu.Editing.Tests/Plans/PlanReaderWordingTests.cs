using System.Text.Json;
using Emu.Editing.Plans;

namespace Emu.Editing.Tests.Plans;

/// <summary>
/// How many wordings are read as meant. <c>wordings.json</c> (257) and <c>held-out.json</c> (100) were written by hand before the
/// grammar and divided at random; failures of the first were looked at while the grammar was written, those of the second never.
/// <c>further.json</c> (130) was written after a first version, which read 83 % of it, and then looked at too. What is no edit, or
/// cannot be done, is in <c>refused.json</c>.
/// </summary>
public sealed class PlanReaderWordingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("wordings.json", 0.99)]
    [InlineData("further.json", 0.99)]
    [InlineData("held-out.json", 0.97)]
    public void Read_OfWordings_IsAsMeant(string file, double share)
    {
        using var stream = Open(file);

        var accuracy = PlanWording.Measure(PlanWording.Load(stream));

        output.WriteLine($"{file}: {accuracy.Right} of {accuracy.Count} ({accuracy.Share:P1}) are read as meant.");
        Assert.True(accuracy.Share >= share, $"{accuracy.Share:P1} are read as meant.");
    }

    [Fact]
    public void Read_OfWhatIsNoEdit_IsRefused()
    {
        using var stream = Open("refused.json");
        string[] read = [.. JsonSerializer.Deserialize<string[]>(stream)!.Where(IsRead)];

        Assert.True(read.Length == 0, $"These are read as edits: {string.Join("; ", read)}");
    }

    private static FileStream Open(string file) => File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Plans", "Wordings", file));

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
