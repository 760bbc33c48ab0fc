namespace Emu.Generation.Motion;

/// <summary>Words that say how far and how often something moves.</summary>
internal static class MotionAdverbs
{
    private const int Reach = 3;

    private static readonly Dictionary<string, Func<MotionStep, MotionStep>> Effects = All();

    /// <summary>Whether a word is one.</summary>
    public static bool IsOne(string word) => Effects.ContainsKey(word);

    /// <summary>Applies every adverb to the nearest motion, before rather than after it.</summary>
    /// <param name="words">The prompt's words.</param>
    /// <param name="found">Its motions, which change.</param>
    /// <param name="used">Receives the indexes of the adverbs.</param>
    public static void Apply(string[] words, List<FoundMotion> found, HashSet<int> used)
    {
        for (var index = 0; index < words.Length; index++)
        {
            var (length, apply) = At(words, index);
            if (apply is null)
            {
                continue;
            }

            var nearest = -1;
            var best = Reach + 1;
            for (var motion = 0; motion < found.Count; motion++)
            {
                var distance = index > found[motion].End ? index - found[motion].End : found[motion].Start - (index + length - 1);
                if (distance > 0 && distance < best)
                {
                    (nearest, best) = (motion, distance);
                }
            }

            if (nearest >= 0)
            {
                found[nearest] = found[nearest] with { Step = apply(found[nearest].Step) };
                used.UnionWith(Enumerable.Range(index, length));
            }
        }
    }

    private static (int Length, Func<MotionStep, MotionStep>? Apply) At(string[] words, int index)
    {
        if (index + 1 < words.Length && Effects.TryGetValue($"{words[index]} {words[index + 1]}", out var two))
        {
            return (2, two);
        }

        return (1, Effects.GetValueOrDefault(words[index]));
    }

    private static Dictionary<string, Func<MotionStep, MotionStep>> All()
    {
        Dictionary<string, Func<MotionStep, MotionStep>> adverbs = [];
        Add("slowly|lazily|leisurely|sleepily", step => step with { Beats = step.Verb.Beats.Slow, Amount = Math.Min(step.Amount, 0.4) });
        Add("gently|slightly|softly|subtly|calmly|lightly|a little|a bit|a tiny", step => step with { Amount = 0.15 });
        Add("fast|quickly|rapidly|swiftly|speedily|briskly", step => step with { Beats = step.Verb.Beats.Fast });
        Add("wildly|strongly|crazily|energetically|vigorously|madly|violently|hard|high|far|a lot|like crazy|very much", step => step with { Amount = 0.9 });
        Add("once", step => step with { Beats = 1 });
        Add("twice|two times", step => step with { Beats = 2 });
        Add("three times", step => step with { Beats = 3 });
        Add("four times", step => step with { Beats = 4 });
        return adverbs;

        void Add(string words, Func<MotionStep, MotionStep> apply)
        {
            foreach (var word in words.Split('|'))
            {
                adverbs.Add(word, apply);
            }
        }
    }
}
