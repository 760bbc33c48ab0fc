using Emu.Editing.Operations.Text;

namespace Emu.Editing.Tests.Operations.Text;

public sealed class BidiTextTests
{
    // 300 texts with the levels that FriBidi 1.0 gives them: 25 written by hand, the others of random characters.
    [Fact]
    public void LevelsOf_ThreeHundredTexts_AreFriBidis()
    {
        using var stream = typeof(BidiTextTests).Assembly.GetManifestResourceStream("bidi-levels.txt")!;
        using var reader = new StreamReader(stream);
        var cases = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToArray();
        Assert.Equal(300, cases.Length);

        var wrong = new List<string>();
        foreach (var (text, expected) in cases.Select(pair => (pair[0], pair[1])))
        {
            var levels = new BidiText(text).LevelsOf(0..text.Length);
            // FriBidi counts code points, .NET UTF-16 units.
            var found = string.Concat(Enumerable.Range(0, text.Length).Where(i => !char.IsLowSurrogate(text[i])).Select(i => levels[i]));
            if (found != expected)
            {
                wrong.Add($"{text}: {found} instead of {expected}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0 }, new[] { 0, 1, 2 })]
    [InlineData(new byte[] { 1, 1, 1 }, new[] { 2, 1, 0 })]
    [InlineData(new byte[] { 0, 1, 1, 0 }, new[] { 0, 2, 1, 3 })]
    [InlineData(new byte[] { 1, 1, 2, 2, 1 }, new[] { 4, 2, 3, 1, 0 })]
    public void VisualOrder_Levels_IsRuleL2(byte[] levels, int[] expected) => Assert.Equal(expected, BidiText.VisualOrder(levels));
}
