namespace Emu.Bench.Motion;

/// <summary>The prompts of the evaluation: 33 motions in three wordings each, on twenty things; and nouns that sound like motions.</summary>
internal static class MotionPrompts
{
    private static readonly string[] Things =
    [
        "duck", "cat", "dog", "robot", "rabbit", "frog", "penguin", "owl", "lion", "monkey",
        "rocket", "car", "cactus", "snowman", "ghost", "mushroom", "palm tree", "teapot", "crab", "dinosaur",
    ];

    /// <summary>The motion, and what is said of a thing (<c>*</c>) for it.</summary>
    private static readonly (string Motion, string[] Wordings)[] Wordings =
    [
        ("bounce", ["a * bounces", "a bouncing *", "a * that bounces wildly"]),
        ("jump", ["a * jumps", "a * hopping", "a * that leaps high", "a jumping *"]),
        ("spin", ["a * spins", "a spinning *", "a * that rotates"]),
        ("spin back", ["a * spins backwards", "a * spins counterclockwise", "a * spins anticlockwise"]),
        ("turn", ["a * turns around", "a twirling *", "a * that spins around"]),
        ("flip", ["a * flips", "a * does a backflip", "a * somersaults"]),
        ("swing", ["a * swings", "a dangling *", "a * swings back and forth"]),
        ("sway", ["a * sways", "a swaying *", "a * rocks back and forth"]),
        ("tilt", ["a * tilts its head", "a tilting *", "a * that leans"]),
        ("nod", ["a * nods", "a nodding *", "a * says yes"]),
        ("shake", ["a * shakes", "a shaking *", "a * says no"]),
        ("wobble", ["a * wobbles", "a wobbling *", "a * that jiggles"]),
        ("pulse", ["a * pulses", "a pulsating *", "a * grows and shrinks"]),
        ("breathe", ["a * breathes", "a sleeping *", "a * that snores"]),
        ("grow", ["a * grows", "a growing *", "a * gets bigger"]),
        ("shrink", ["a * shrinks", "a shrinking *", "a * gets smaller"]),
        ("float", ["a * floats", "a hovering *", "a * that levitates"]),
        ("slide", ["a * slides", "a * moves sideways", "a * goes back and forth"]),
        ("drift left", ["a * drifts left", "a * moves to the left", "a * going left"]),
        ("drift right", ["a * drifts right", "a * moves to the right", "a * sails right"]),
        ("fly up", ["a * takes off", "a * flies up", "a rising *"]),
        ("fall", ["a * falls", "a falling *", "a * that descends"]),
        ("roll", ["a * rolls", "a rolling *", "the * is rolling"]),
        ("tremble", ["a * trembles", "a shivering *", "a * that vibrates"]),
        ("bend", ["a * bends", "a bending *", "a * waves"]),
        ("ripple", ["a * ripples", "a wiggling *", "a * flutters"]),
        ("stretch", ["a * stretches", "the * is stretching", "a * that stretches"]),
        ("dance", ["a * dances", "a dancing *", "a * dances wildly"]),
        ("circle", ["a * goes in circles", "a * circling", "a * moves in circles"]),
        ("walk", ["a * walks", "a waddling *", "a * marches"]),
        ("fade", ["a * fades in and out", "a * vanishes", "a fading *"]),
        ("blink", ["a * flashes", "a flickering *", "a * blinks on and off"]),
        ("pop", ["a * pops up", "a * appears", "a * pops in"]),
    ];

    /// <summary>Every prompt and the motion that it means.</summary>
    public static IReadOnlyList<(string Prompt, string Motion)> Said { get; } =
    [
        .. Wordings.SelectMany((verb, at) => verb.Wordings.Select((wording, which) => (wording.Replace("*", Things[((at * 3) + (which * 7)) % Things.Length], StringComparison.Ordinal).Replace("a owl", "an owl", StringComparison.Ordinal), verb.Motion))),
    ];

    /// <summary>Prompts in which nothing is said to move.</summary>
    public static IReadOnlyList<string> Nouns { get; } =
    [
        "a rubber duck", "a rocking chair", "a rocking horse", "a cat on the left", "a party hat", "a party popper", "a swing set", "a swing in a garden", "a water slide", "a walking stick",
        "a sleeping bag", "dancing shoes", "a flying saucer", "a flying fish", "a jumping spider", "a jump rope", "a bouncing castle", "a bounce house", "a running shoe", "a spinning wheel",
        "a rolling pin", "a face with rolling eyes", "a swimming pool", "a sliding door", "the leaning tower", "a tree in the fall", "fall leaves", "niagara falls", "ocean waves", "an ocean wave",
        "a heat wave", "a fly on a flower", "a butterfly", "a bow and arrow", "a bow tie", "a red circle", "a milk shake", "a root beer float", "parade floats", "spring rolls",
        "a cinnamon roll", "bread rolls and butter", "a drum roll", "ice pops", "popping corn", "a pop star", "a dance floor", "a flip phone", "flip flops", "a flash drive",
        "a squash", "a river bend", "a ski jump", "a beat box", "a house on the right", "a walkway", "a shooting star", "a grooved record", "a frozen lake", "a growth chart",
    ];
}
