namespace Emu.Editing.Plans.Grammar;

/// <summary>Misspelled words, and the wording nearest to one that is not understood.</summary>
internal static class Spelling
{
    private const int ShortestCorrected = 6;
    private const int ShortestSuggested = 4;
    private const double NearWord = 0.7;

    // Long words that are one letter from no other common word: only these are corrected.
    private static readonly string[] Corrected =
        ("background backdrop foreground picture subject transparent saturation contrast brightness horizontally vertically clockwise counterclockwise watercolor posterize vignette straighten sharpen rotate remove brighter grayscale gradient "
        + "pattern enlarge colorful cartoon painting drawing sunglasses bottom corner upside horizon desaturate monochrome pixelate delete replace darken lighten brighten monochrome slightly smaller bigger darker warmer cooler").Split(' ');

    private static readonly string[] Suggested = [.. Vocabulary.Verbs, .. Corrected, .. ColorWords.Names.Keys, .. Vocabulary.Persons, .. Vocabulary.Animals, "sepia", "blurry", "sharper", "square", "sketch", "pencil", "comic"];

    private static readonly HashSet<string> Known =
        [.. Suggested, .. Vocabulary.Never, .. Vocabulary.Little, .. Vocabulary.Adjectives, .. Vocabulary.Pointers, "lighter", "flower", "brightest", "pictures", "subjects", "patterns", "gradients", "colors", "color", "removed", "removes", "rotates", "rotated", "corners", "paintings", "drawings", "contrasts", "contrasty", "deleted", "replaced", "sharpens", "sharpened", "darkens", "remote", "promote", "repaint", "pattering", "fighter", "collar", "button", "cotton", "rosary"];

    /// <summary>A text with its misspelled key words put right, and a note on each.</summary>
    public static Words Correct(Words words, List<string> notes)
    {
        List<Token>? corrected = null;
        for (var index = 0; index < words.Count; index++)
        {
            var text = words[index];
            if (text.Length < ShortestCorrected || Known.Contains(text) || !char.IsLetter(text[0]) || Corrected.Where(word => Distance(text, word) == 1).ToArray() is not [var right])
            {
                continue;
            }

            corrected ??= [.. words.Tokens];
            corrected[index] = corrected[index] with { Text = right };
            notes.Add($"'{text}' is read as '{right}'.");
        }

        return corrected is null ? words : new Words(words.Instruction, corrected);
    }

    /// <summary>A wording near a clause that is understood: the clause with a word put right, or the likest example of the catalogue; null if nothing is near.</summary>
    public static string? Nearest(Words clause, Func<Words, bool> isUnderstood)
    {
        for (var index = 0; index < clause.Count; index++)
        {
            foreach (var candidate in Candidates(clause[index]))
            {
                Token[] tokens = [.. clause.Tokens];
                tokens[index] = tokens[index] with { Text = candidate };
                if (isUnderstood(new Words(clause.Instruction, tokens)))
                {
                    return string.Join(' ', new[] { clause.Raw(0, index), candidate, clause.Raw(index + 1, clause.Count) }.Where(part => part.Length > 0));
                }
            }
        }

        var (example, score) = EditCatalog.Read.SelectMany(entry => entry.Examples).Select(example => (example, Likeness(clause, Words.Of(example)))).MaxBy(pair => pair.Item2);
        return score > 0 ? example : null;
    }

    /// <summary>Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).</summary>
    public static int Distance(string first, string second)
    {
        var (before, previous, current) = (new int[second.Length + 1], new int[second.Length + 1], new int[second.Length + 1]);
        for (var column = 0; column <= second.Length; column++)
        {
            previous[column] = column;
        }

        for (var row = 1; row <= first.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= second.Length; column++)
            {
                var change = first[row - 1] == second[column - 1] ? 0 : 1;
                current[column] = Math.Min(Math.Min(current[column - 1], previous[column]) + 1, previous[column - 1] + change);
                if (row > 1 && column > 1 && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1])
                {
                    current[column] = Math.Min(current[column], before[column - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[second.Length];
    }

    private static IEnumerable<string> Candidates(string word)
    {
        if (word.Length < ShortestSuggested || !char.IsLetter(word[0]) || Known.Contains(word))
        {
            return [];
        }

        return Suggested.Select(known => (known, Distance: Distance(word, known))).Where(pair => pair.Distance <= (word.Length < 6 ? 1 : 2)).OrderBy(pair => pair.Distance).Select(pair => pair.known).Take(8);
    }

    private static double Likeness(Words clause, Words example)
    {
        double sum = 0;
        foreach (var token in clause.Tokens.Where(token => token.Text.Length > 2 && !Vocabulary.Little.Contains(token.Text) && !Vocabulary.Pointers.Contains(token.Text) && token.Text != "make"))
        {
            sum += example.Tokens.Max(other =>
                other.Text == token.Text ? 1
                : other.Text.Length >= ShortestSuggested && Distance(other.Text, token.Text) == 1 ? NearWord : 0);
        }

        return sum / Math.Sqrt(example.Count);
    }
}
