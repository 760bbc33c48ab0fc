namespace Emu.Generation.Motion;

/// <summary>One kind of motion: a curve around the loop, and the words that people use for it.</summary>
/// <param name="Name">What <c>--motion</c> calls it.</param>
/// <param name="Pose">The pose at a phase of the loop (0 to 2π), by the motion's amount (0 to 1, usually .5) and its beats in a loop. At phase 0 the thing rests.</param>
/// <param name="Beats">How often it happens in a loop: slowly, usually, quickly.</param>
/// <param name="Verbs">Verbs in their base form, the first is the usual one; "+" marks those that double their last letter (spin+, spinning).</param>
/// <param name="Phrases">Other wordings, matched word by word.</param>
public sealed record MotionVerb(string Name, Func<double, double, int, MotionPose> Pose, MotionBeats Beats, IReadOnlyList<string> Verbs, IReadOnlyList<string> Phrases)
{
    /// <summary>Whether it takes the thing out of the picture.</summary>
    public bool Travels { get; init; }
}

/// <summary>How often a motion happens in a loop.</summary>
/// <param name="Slow">When it is said to be slow.</param>
/// <param name="Usual">When nothing is said.</param>
/// <param name="Fast">When it is said to be fast.</param>
public sealed record MotionBeats(int Slow, int Usual, int Fast);

/// <summary>A motion with its amount and beats.</summary>
/// <param name="Verb">The motion.</param>
/// <param name="Amount">How far it goes, 0 (hardly) to 1 (wildly); usually .5.</param>
/// <param name="Beats">How often in a loop, at least 1.</param>
public sealed record MotionStep(MotionVerb Verb, double Amount, int Beats)
{
    /// <summary>Which of two things it moves, by the order in which the prompt names them: 0 or 1; null, the default, for everything.</summary>
    public int? Thing { get; init; }

    /// <summary>The pose at a part of the loop, 0 to 1.</summary>
    public MotionPose At(double part) => part == 0 ? MotionPose.Rest : Verb.Pose(part * 2 * Math.PI, Amount, Beats);
}
