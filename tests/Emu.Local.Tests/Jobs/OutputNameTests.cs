using System.Text;
using Emu.Local.Jobs;

namespace Emu.Local.Tests.Jobs;

public class OutputNameTests
{
    [Theory]
    [InlineData("A Duck, on: blue!", "a-duck-on-blue-7.png")]
    [InlineData("Утка", "утка-7.png")]
    [InlineData("بطة صفراء", "بطة-صفراء-7.png")]
    [InlineData("一只黄色的鸭子", "一只黄色的鸭子-7.png")]
    [InlineData("बत्तख", "बत्तख-7.png")]
    [InlineData("a 🦆 & 👩‍🚒", "a-🦆-👩‍🚒-7.png")]
    [InlineData("cafe\u0301", "caf\u00E9-7.png")]
    [InlineData("a/../b\\c:d*e?f\"g<h>i|j.", "a-b-c-d-e-f-g-h-i-j-7.png")]
    [InlineData("CON", "con-7.png")]
    [InlineData("...", "emu-7.png")]
    [InlineData("", "emu-7.png")]
    public void Of_APrompt_KeepsItsLettersAndNothingThatASystemRefuses(string prompt, string expected) => Assert.Equal(expected, OutputName.Of(prompt, 7, ".png"));

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("鸭")]
    [InlineData("👩‍🚒")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    public void Of_ALongPrompt_FitsInAFileNameAndCutsNoCharacter(string element)
    {
        var name = OutputName.Of(string.Concat(Enumerable.Repeat(element, 300)), 1L << 52, ".webp");

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 240);
        var words = name[..name.LastIndexOf('-')];
        Assert.Equal(string.Concat(Enumerable.Repeat(element, words.Length / element.Length)), words);
    }
}
