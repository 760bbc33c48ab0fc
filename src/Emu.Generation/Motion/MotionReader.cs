using System.Text;
using System.Text.RegularExpressions;
using Emu.Diffusion.ModelPackages;

namespace Emu.Generation.Motion;

/// <summary>What a prompt says about motion.</summary>
/// <param name="Steps">The motions, in the order said; empty where nothing is said.</param>
/// <param name="IsStill">Whether it says that nothing moves.</param>
/// <param name="Picture">The prompt without its words of motion, which say nothing about a picture; with them where they name one that is known as such ("person walking").</param>
/// <param name="Camera">The camera that it asks for; null for none.</param>
/// <param name="Layout">How the two things lie that it names, of which motions may belong to one (<see cref="MotionStep.Thing"/>); null for one thing.</param>
public sealed record MotionReading(IReadOnlyList<MotionStep> Steps, bool IsStill, string Picture, Camera? Camera = null, ThingLayout? Layout = null);

/// <summary>
/// Finds the motions that a prompt asks for: verbs in their forms ("jumps", "a spinning coin", "two cats dance"), with amounts
/// ("slowly", "wildly", "twice") and directions ("moves to the left"). Nouns of the same spelling stay nouns ("a swing set",
/// "a walking stick", "in the fall"): a form counts by the words beside it.
/// </summary>
public static partial class MotionReader
{
    internal const double UsualAmount = 0.5;

    /// <summary>Reads a prompt.</summary>
    public static MotionReading Read(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        (var camera, prompt) = CameraReader.Read(prompt);
        var matches = WordPattern().Matches(prompt);
        string[] words = [.. matches.Select(match => match.Value.ToLowerInvariant().Replace('’', '\''))];
        List<FoundMotion> found = [];
        var unpictured = new HashSet<int>();
        var still = false;
        for (var index = 0; index < words.Length;)
        {
            if (MatchPhrase(words, index) is { } phrase)
            {
                if (phrase.Verb is null)
                {
                    still = true;
                    unpictured.UnionWith(Enumerable.Range(index, phrase.Words.Length));
                }
                else if (!IsNegated(words, index))
                {
                    found.Add(new(index, index + phrase.Words.Length - 1, FormOf(words[index]), Usual(phrase.Verb)));
                }

                index += phrase.Words.Length;
                continue;
            }

            if (MotionLexicon.Words.TryGetValue(words[index], out var word) && IsVerb(words, index, word.Form, found.Count > 0) && !IsNegated(words, index))
            {
                found.Add(new(index, index, word.Form, Usual(word.Verb)));
            }

            index++;
        }

        still |= found.Count == 0 && words.Contains("still") && Following(words, Array.IndexOf(words, "still")) is null or "and";
        MotionAdverbs.Apply(words, found, unpictured);
        var things = NamedThings.Find(words, [.. unpictured, .. found.SelectMany(motion => Enumerable.Range(motion.Start, motion.End - motion.Start + 1))]);
        for (var motion = 0; motion < found.Count && things is not null; motion++)
        {
            found[motion] = found[motion] with { Step = found[motion].Step with { Thing = things.ThingOf(found[motion], found[..motion]) } };
        }

        foreach (var motion in found.Where(motion => !IsPictured(words, motion.Start, motion.End)))
        {
            unpictured.UnionWith(Enumerable.Range(motion.Start, motion.End - motion.Start + 1));
        }

        return new([.. found.Select(one => one.Step).DistinctBy(step => (step.Verb, step.Thing))], still && found.Count == 0, Without(prompt, matches, words, unpictured), camera, things?.Layout);
    }

    /// <summary>"Person walking", "sleeping face": what such a picture shows is the motion.</summary>
    private static bool IsPictured(string[] words, int start, int end) =>
        (Preceding(words, start) is { } before && MotionLexicon.Postures.Contains(before)) || (Following(words, end) is { } after && MotionLexicon.Postures.Contains(after));

    /// <summary>A prompt without some of its words, and without what would then join nothing ("that", "is", "and").</summary>
    private static string Without(string prompt, MatchCollection matches, string[] words, HashSet<int> removed)
    {
        if (removed.Count == 0)
        {
            return prompt;
        }

        for (var index = words.Length - 1; index >= 0; index--)
        {
            var joins = MotionLexicon.Joining.Contains(words[index]) || !IsWord(words[index]);
            if (joins && removed.Contains(index + 1))
            {
                removed.Add(index);
            }
        }

        StringBuilder kept = new();
        for (var index = 0; index < words.Length; index++)
        {
            if (!removed.Contains(index))
            {
                _ = kept.Append(kept.Length > 0 && IsWord(words[index]) ? " " : "").Append(words[index] is "while" or "but" ? "and" : matches[index].Value);
            }
        }

        return kept.Length > 0 ? kept.ToString() : prompt;
    }

    /// <summary>What the networks of a model are to see of a prompt: without its words of motion, where the model has them applied as geometry.</summary>
    public static string PictureOf(string prompt, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Video?.MotionByWords == true ? Read(prompt).Picture : prompt;
    }

    private static MotionStep Usual(MotionVerb verb) => new(verb, UsualAmount, verb.Beats.Usual);

    private static (string[] Words, MotionVerb? Verb)? MatchPhrase(string[] words, int index)
    {
        foreach (var phrase in MotionLexicon.Phrases)
        {
            if (words.AsSpan(index).StartsWith(phrase.Words))
            {
                return phrase;
            }
        }

        return null;
    }

    /// <summary>The form of a wording's first word.</summary>
    private static VerbForm FormOf(string word) =>
        MotionLexicon.Words.TryGetValue(word, out var known) ? known.Form
        : word.EndsWith("ing", StringComparison.Ordinal) ? VerbForm.Participle
        : VerbForm.ThirdPerson;

    private static bool IsVerb(string[] words, int index, VerbForm form, bool afterMotion)
    {
        var (word, before, after) = (words[index], Preceding(words, index), Following(words, index));
        if (after is not null && MotionLexicon.NounsBefore.TryGetValue(word, out var nouns) && nouns.Contains(after))
        {
            return false;
        }

        return form switch
        {
            VerbForm.Participle => true,
            VerbForm.ThirdPerson => IsThirdPerson(words, index, before, afterMotion),
            _ => before is not null && (before is "both" || MotionLexicon.Auxiliaries.Contains(before) || IsPlural(before) || MotionLexicon.SameInPlural.Contains(before) || (afterMotion && before is "and" or "then") || IsAfterTwo(words, index)),
        };
    }

    /// <summary>"A cat and a dog jump": two subjects before a base form. A noun of that spelling has its own word before it ("a cat and a ski jump").</summary>
    private static bool IsAfterTwo(string[] words, int index) =>
        index > 4 && words[index - 1] is var subject && words[index - 2] is "a" or "an" or "the" && words[index - 3] == "and" && IsWord(words[index - 4]) && !IsPlural(subject)
        && Following(words, index) is null or "together" or "on" or "in" or "and"
        && !(MotionLexicon.NounsAfter.TryGetValue(words[index] + "s", out var nouns) && nouns.Contains(subject));

    /// <summary>"A cat jumps", but not "ski jumps", "two jumps", "slides and swings": a verb follows its subject, which is one thing.</summary>
    private static bool IsThirdPerson(string[] words, int index, string? before, bool afterMotion)
    {
        if (before is null || MotionLexicon.Determiners.Contains(before))
        {
            return false;
        }

        if (MotionLexicon.Continuations.Contains(before))
        {
            return before is not "and" || afterMotion || (index > 2 && words[index - 2].EndsWith('s') && !MotionLexicon.Determiners.Contains(words[index - 3]));
        }

        return !IsPlural(before) && !(MotionLexicon.NounsAfter.TryGetValue(words[index], out var nouns) && nouns.Contains(before));
    }

    private static bool IsPlural(string word) =>
        MotionLexicon.Plurals.Contains(word)
        || (word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !word.EndsWith("us", StringComparison.Ordinal)
            && !word.EndsWith("is", StringComparison.Ordinal) && !word.Contains('\'') && !MotionLexicon.Words.ContainsKey(word));

    private static bool IsNegated(string[] words, int index) =>
        (Preceding(words, index) is { } before && MotionLexicon.Negations.Contains(before))
        || (index > 1 && words[index - 1].EndsWith("ly", StringComparison.Ordinal) && MotionLexicon.Negations.Contains(words[index - 2]));

    /// <summary>The word before, unless punctuation lies between.</summary>
    private static string? Preceding(string[] words, int index)
    {
        while (--index >= 0 && words[index].EndsWith("ly", StringComparison.Ordinal) && MotionAdverbs.IsOne(words[index]))
        {
        }

        return index >= 0 && IsWord(words[index]) ? words[index] : null;
    }

    private static string? Following(string[] words, int index) => index + 1 < words.Length && IsWord(words[index + 1]) ? words[index + 1] : null;

    /// <summary>Words, numbers and emoji, but no punctuation.</summary>
    private static bool IsWord(string token) => !char.IsPunctuation(token[0]);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}'’]+|[^\s\p{L}\p{M}\p{N}'’]+")]
    private static partial Regex WordPattern();
}
