using System.Collections.Frozen;

namespace Emu.Generation.Motion;

/// <summary>The form of a verb.</summary>
internal enum VerbForm
{
    /// <summary>jump</summary>
    Base,

    /// <summary>jumps</summary>
    ThirdPerson,

    /// <summary>jumping</summary>
    Participle,
}

/// <summary>A form of a verb of motion.</summary>
internal sealed record MotionWord(MotionVerb Verb, VerbForm Form);

/// <summary>Which words are motions, and which of them are nouns beside which others.</summary>
internal static class MotionLexicon
{
    /// <summary>Every form of every verb.</summary>
    public static FrozenDictionary<string, MotionWord> Words { get; } = Forms().DistinctBy(form => form.Key).ToFrozenDictionary();

    /// <summary>Wordings of several words, the longest first; null is standing still.</summary>
    public static IReadOnlyList<(string[] Words, MotionVerb? Verb)> Phrases { get; } =
    [
        .. from phrase in (from verb in MotionVerbs.All from phrase in verb.Phrases select (phrase.Split(' '), (MotionVerb?)verb))
               .Concat(from phrase in StillPhrases() select (phrase.Split(' '), (MotionVerb?)null))
           orderby phrase.Item1.Length descending
           select phrase,
    ];

    /// <summary>A form of a verb, and the words after it with which it is a noun or a fixed name.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> NounsBefore { get; } = Pairs(
        "walking: stick sticks cane canes boot boots shoe shoes frame", "sleeping: bag bags beauty pill pills mask", "dancing: shoe shoes floor pole",
        "flying: saucer saucers disc disk fish squirrel fox carpet buttress", "falling: star stars", "jumping: jack jacks spider spiders bean beans rope",
        "bouncing: castle castles", "running: shoe shoes shirt track machine water", "spinning: wheel wheels", "rolling: pin pins stone stones eyes",
        "swimming: pool pools trunks suit cap goggles costume", "sliding: door doors scale", "swinging: door doors", "leaning: tower", "shaking: hands",
        "popping: corn", "stretching: mat", "hopping: mad", "rotating: door", "marching: band bands", "flashing: light", "beating: eggs", "waving: hand",
        "bounce: house houses castle castles ball balls", "jump: rope ropes suit shot", "swing: set sets dance door", "float: plane planes", "slide: rule show guitar",
        "fall: leaf leaves season colors colours foliage fashion", "spin: bike class top", "flip: flop flops phone phones chart", "dance: floor floors party shoes music studio",
        "walk: way man", "fly: trap swatter fishing", "beat: box", "pop: corn star stars art music band", "wave: pool length", "sleep: mask", "turn: table signal",
        "bow: tie ties window", "roll: call", "run: way", "rise: up", "flash: light lights drive card cards", "march: hare", "squash: court racket soup", "lean: meat");

    /// <summary>A form that ends in "s", and the words before it with which it is a plural noun.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> NounsAfter { get; } = Pairs(
        "shakes: milk protein hand", "slides: water hair playground photo hill guitar", "falls: water niagara victoria iguazu", "waves: ocean sea sound heat radio light shock brain tidal hand water beach",
        "floats: parade root beer pool swimming carnival", "bends: river road pipe", "jumps: ski horse bungee show", "swings: rope tire tyre tree playground porch mood golf", "beats: drum hip",
        "rolls: egg spring bread swiss toilet cinnamon sushi drum eye paper cabbage", "pops: ice soda lolli cake", "dances: square folk tap line", "walks: side cake space", "flies: fruit fire butter dragon house horse",
        "runs: ski home dry chicken dog", "bows: cross gift hair rain ribbon elbow long violin", "turns: sharp", "leans: pork", "flips: hair", "marches: protest", "orbits: planet", "beds: bunk",
        "stretches: home", "flashes: hot camera", "rises: high pay", "grooves: record wood", "sleeps: deep");

    /// <summary>Words before a form that ends in "s" that make it a noun.</summary>
    public static FrozenSet<string> Determiners { get; } = Set(
        "a an the this these those my your his her its our their no some any many few several all both each every two three four five six seven eight nine ten hundred more most other "
        + "of with without in on at by for from into onto over under behind above below beside between near around through across against like as than or but "
        + "red orange yellow green teal blue purple pink brown black white grey gray golden silver colourful colorful big small tiny little large huge giant tall short long old new young "
        + "happy sad cute funny scary pretty beautiful ugly dark bright light warm cold hot wet dry wooden metal plastic glass stone paper broken empty full");

    /// <summary>Words before a base form that make it a verb.</summary>
    public static FrozenSet<string> Auxiliaries { get; } = Set("to can could will would should must may might let lets let's it they we you i who that which does do makes make please always often just");

    /// <summary>Plural nouns that do not end in "s".</summary>
    public static FrozenSet<string> Plurals { get; } = Set("people men women children mice geese feet teeth oxen police snowmen policemen firemen mermen");

    /// <summary>Nouns whose plural is the same word.</summary>
    public static FrozenSet<string> SameInPlural { get; } = Set("fish sheep deer moose salmon aircraft");

    /// <summary>Words that only join a motion to its subject.</summary>
    public static FrozenSet<string> Joining { get; } = Set("that which who is are and then while it just both");

    /// <summary>Subjects whose pictures show what they do.</summary>
    public static FrozenSet<string> Postures { get; } = Set("person man woman boy girl people men women face faces hand hands heart hearts merman mermaid superhero elf fairy genie zombie");

    /// <summary>Words after which nothing moves.</summary>
    public static FrozenSet<string> Negations { get; } = Set("not never without don't doesn't isn't aren't won't cannot can't stop stops stopped");

    /// <summary>Words after which a form that ends in "s" goes on with the subject before.</summary>
    public static FrozenSet<string> Continuations { get; } = Set("and then while but that which who it he she also always just");

    private static IEnumerable<KeyValuePair<string, MotionWord>> Forms()
    {
        foreach (var verb in MotionVerbs.All)
        {
            foreach (var marked in verb.Verbs)
            {
                var word = marked.TrimEnd('+');
                yield return new(word, new(verb, VerbForm.Base));
                yield return new(ThirdPerson(word), new(verb, VerbForm.ThirdPerson));
                yield return new(Participle(word, doubled: marked.EndsWith('+')), new(verb, VerbForm.Participle));
            }
        }
    }

    private static string ThirdPerson(string word) =>
        word.EndsWith("sh", StringComparison.Ordinal) || word.EndsWith("ch", StringComparison.Ordinal) || word.EndsWith('s') ? word + "es"
        : word == "fly" ? "flies"
        : word + "s";

    private static string Participle(string word, bool doubled) =>
        doubled ? word + word[^1] + "ing"
        : word.EndsWith('e') ? word[..^1] + "ing"
        : word + "ing";

    private static IEnumerable<string> StillPhrases() =>
    [
        "standing still", "stands still", "sitting still", "sits still", "staying still", "stays still", "holding still", "holds still", "lying still", "perfectly still", "completely still", "keeps still",
        "motionless", "immobile", "without moving", "without motion", "without movement", "no motion", "no movement", "not moving", "does not move", "doesn't move", "is not moving", "isn't moving",
        "frozen in place", "frozen in time",
    ];

    private static FrozenDictionary<string, FrozenSet<string>> Pairs(params string[] lines) =>
        lines.Select(line => line.Split(": ")).ToFrozenDictionary(parts => parts[0], parts => Set(parts[1]));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
