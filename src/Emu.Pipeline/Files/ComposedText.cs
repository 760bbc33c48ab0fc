using ADRaffy.ENSNormalize;

namespace Emu.Pipeline.Files;

/// <summary>
/// Unicode's composed form (NFC): macOS writes <c>é</c> in file names as two characters, other systems as one.
/// <see cref="string.Normalize()"/> does nothing where globalization is invariant, as it is in this program.
/// </summary>
public static class ComposedText
{
    private const char FirstThatComposes = '\u0300';

    /// <summary>The text in composed form.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // The tables are loaded only for text that may need them.
        return text.AsSpan().IndexOfAnyInRange(FirstThatComposes, char.MaxValue) < 0 ? text : ENSNormalize.NF.NFC(text);
    }
}
