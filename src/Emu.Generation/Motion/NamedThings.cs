using System.Collections.Frozen;

namespace Emu.Generation.Motion;

/// <summary>A motion found in a prompt.</summary>
/// <param name="Start">The first word's index.</param>
/// <param name="End">The last word's index.</param>
/// <param name="Form">The form; that of its first word for a wording of several.</param>
/// <param name="Step">The motion.</param>
internal sealed record FoundMotion(int Start, int End, VerbForm Form, MotionStep Step);

/// <summary>
/// The two things that a prompt names ("a cat next to a dog"), how they lie, and which of them does what: a verb belongs to its subject, an
/// adjective to its noun. Nothing for one thing, for three, and for lists inside a thing ("a cat with a hat and a stick").
/// </summary>
internal sealed class NamedThings
{
    private static readonly (string[] Words, ThingLayout Layout, bool IsClause)[] Joiners =
    [
        (["to", "the", "right", "of"], ThingLayout.FirstRight, false), (["on", "the", "right", "of"], ThingLayout.FirstRight, false), (["right", "of"], ThingLayout.FirstRight, false),
        (["to", "the", "left", "of"], ThingLayout.FirstLeft, false), (["on", "the", "left", "of"], ThingLayout.FirstLeft, false), (["left", "of"], ThingLayout.FirstLeft, false),
        (["on", "top", "of"], ThingLayout.FirstAbove, false), (["above"], ThingLayout.FirstAbove, false), (["over"], ThingLayout.FirstAbove, false),
        (["below"], ThingLayout.FirstBelow, false), (["under"], ThingLayout.FirstBelow, false), (["underneath"], ThingLayout.FirstBelow, false), (["beneath"], ThingLayout.FirstBelow, false),
        (["next", "to"], ThingLayout.FirstLeft, false), (["beside"], ThingLayout.FirstLeft, false), (["alongside"], ThingLayout.FirstLeft, false), (["near"], ThingLayout.FirstLeft, false),
        (["and"], ThingLayout.FirstLeft, true), (["while"], ThingLayout.FirstLeft, true), (["as"], ThingLayout.FirstLeft, true), (["but"], ThingLayout.FirstLeft, true), ([","], ThingLayout.FirstLeft, true),
    ];

    private static readonly FrozenSet<string> Relatives = Set("that which who");
    private static readonly FrozenSet<string> Continuing = Set("and then but ,");
    private static readonly FrozenSet<string> Numbers = Set("two three four five six seven eight nine ten several many few");
    private static readonly FrozenSet<string> Inner = Set("with wearing holding carrying of from");

    private static readonly FrozenSet<string> NoNouns = Set(
        "is are was were be am it they he she him them itself its both together very really quite left right top bottom corner side middle center centre air place background gradient emoji sticker "
        + "animated up down around away off out there here again alone back forth");

    private readonly string[] _words;
    private readonly Range _joiner;
    private readonly bool _isClause;
    private readonly int _noun;
    private readonly int _otherNoun;

    private NamedThings(string[] words, Range joiner, bool isClause, int noun, int otherNoun, ThingLayout layout) =>
        (_words, _joiner, _isClause, _noun, _otherNoun, Layout) = (words, joiner, isClause, noun, otherNoun, layout);

    /// <summary>How the things lie.</summary>
    public ThingLayout Layout { get; }

    /// <summary>Finds two things.</summary>
    /// <param name="words">The prompt's words and punctuation, in lower case.</param>
    /// <param name="ofMotion">Indexes of the words that say how something moves.</param>
    public static NamedThings? Find(string[] words, HashSet<int> ofMotion)
    {
        List<(Range Place, ThingLayout Layout, bool IsClause)> found = [];
        for (var index = 0; index < words.Length; index++)
        {
            foreach (var joiner in Joiners)
            {
                if (words.AsSpan(index).StartsWith(joiner.Words) && !ofMotion.Contains(index))
                {
                    found.Add((index..(index + joiner.Words.Length), joiner.Layout, joiner.IsClause));
                    index += joiner.Words.Length - 1;
                    break;
                }
            }
        }

        List<(Range Place, ThingLayout Layout, bool IsClause)> joining = [];
        for (var one = 0; one < found.Count; one++)
        {
            var from = joining.Count > 0 ? joining[^1].Place.End.Value : 0;
            var to = one + 1 < found.Count ? found[one + 1].Place.Start.Value : words.Length;
            if (Noun(from, found[one].Place.Start.Value) >= 0 && Noun(found[one].Place.End.Value, to) >= 0)
            {
                joining.Add(found[one]);
            }
        }

        if (joining is not [var (place, layout, isClause)] || words.Any(Numbers.Contains) || (isClause && words[..place.Start.Value].Any(Inner.Contains)))
        {
            return null;
        }

        var (start, end) = (place.Start.Value, place.End.Value);
        return new(words, place, isClause, Noun(0, start), Noun(end, words.Length), SaidOf(0, start) ?? Mirrored(SaidOf(end, words.Length)) ?? layout);

        int Noun(int from, int to)
        {
            for (var index = from; index < to; index++)
            {
                if (!ofMotion.Contains(index) && IsNoun(words[index]))
                {
                    return index;
                }
            }

            return -1;
        }

        ThingLayout? SaidOf(int from, int to)
        {
            for (var index = from; index < to; index++)
            {
                if (!ofMotion.Contains(index) && PlaceOf(words[index]) is { } said)
                {
                    return said;
                }
            }

            return null;
        }
    }

    /// <summary>Which thing a motion belongs to: 0 for the first, 1 for the second, null for both.</summary>
    /// <param name="motion">The motion.</param>
    /// <param name="before">Those before it, with their things.</param>
    public int? ThingOf(FoundMotion motion, IReadOnlyList<FoundMotion> before)
    {
        var previous = motion.Start > 0 ? _words[motion.Start - 1] : "";
        var isFinite = IsFinite(motion);
        if (motion.Start < _joiner.Start.Value)
        {
            // "A dancing cat and dog": nothing but the verb stands before both.
            var isForBoth = _isClause && motion.Start < _noun && _otherNoun == _joiner.End.Value;
            return isForBoth ? null : 0;
        }

        if (motion.Start < _otherNoun)
        {
            return 1;
        }

        if (Continuing.Contains(previous) && before.LastOrDefault(one => one.Start > _noun && (!isFinite || IsFinite(one))) is { } continued)
        {
            return continued.Step.Thing;
        }

        if (_words[_joiner.End..motion.Start].Any(Relatives.Contains))
        {
            return 1;
        }

        var isPlural = _words[_joiner.Start] == "and" && (motion.Form == VerbForm.Base || previous is "are" or "both" || (motion.Start > 1 && _words[motion.Start - 2] is "are" or "both"));
        return isPlural ? null : isFinite && !_isClause && !before.Any(one => one.Start < _joiner.Start.Value && IsFinite(one)) ? 0 : 1;
    }

    /// <summary>"Jumps", "is jumping", "can jump", but not "a jumping dog" or "a dog jumping".</summary>
    private bool IsFinite(FoundMotion motion) =>
        motion.Form != VerbForm.Participle || _words[Math.Max(0, motion.Start - 2)..motion.Start].Any(word => word is "is" or "are" or "was" or "were");

    private static bool IsNoun(string word) =>
        char.IsLetter(word[0]) && !NoNouns.Contains(word) && !Relatives.Contains(word) && !MotionLexicon.Determiners.Contains(word) && !MotionLexicon.Auxiliaries.Contains(word)
        && !MotionLexicon.Joining.Contains(word) && !MotionLexicon.Negations.Contains(word) && !word.EndsWith("ly", StringComparison.Ordinal) && !Joiners.Any(joiner => joiner.Words[0] == word);

    /// <summary>Where one is said to be. "On the right and … on the left" is not among them: the included model draws the first on the left all the same.</summary>
    private static ThingLayout? PlaceOf(string word) => word switch
    {
        "top" => ThingLayout.FirstAbove,
        "bottom" => ThingLayout.FirstBelow,
        _ => null,
    };

    private static ThingLayout? Mirrored(ThingLayout? layout) => layout switch
    {
        ThingLayout.FirstAbove => ThingLayout.FirstBelow,
        ThingLayout.FirstBelow => ThingLayout.FirstAbove,
        _ => null,
    };

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
