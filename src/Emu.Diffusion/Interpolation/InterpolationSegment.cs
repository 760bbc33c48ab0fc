using Emu.Diffusion.ChannelLayouts;

namespace Emu.Diffusion.Interpolation;

/// <summary>
/// One run of the interpolation network (Emu Video, arXiv 2311.10709, section 3.3): a few key frames, zero-interleaved, with a
/// mask of the known ones.
/// </summary>
public sealed class InterpolationSegment
{
    internal InterpolationSegment(IReadOnlyList<int> keyFrames, int firstTick, int factor)
    {
        KeyFrames = keyFrames;
        FirstTick = firstTick;
        FrameCount = (keyFrames.Count * factor) + factor + 1;
        KnownFrames = [.. Enumerable.Range(0, keyFrames.Count).Select(key => factor + (key * factor))];
    }

    /// <summary>The clip's frames that this run is given, in order; a loop's may wrap.</summary>
    public IReadOnlyList<int> KeyFrames { get; }

    /// <summary>At which of the run's frames they stand: 4, 8, … 32 for Emu Video's 8 of 37.</summary>
    public IReadOnlyList<int> KnownFrames { get; }

    /// <summary>The tick of the run's first frame, −4 or 28 for Emu Video's halves; below 0 lies before the clip.</summary>
    public int FirstTick { get; }

    /// <summary>Frames of the run, 37 for Emu Video: 8 known, 3 between each pair, 4 on each side.</summary>
    public int FrameCount { get; }

    /// <summary>Writes the conditions: each key frame and a mask of ones where it stands, zeros elsewhere. The noise is left alone.</summary>
    /// <param name="plan">The network's input, of <see cref="FrameCount"/> frames.</param>
    /// <param name="clip">The clip's latents <c>[frames, channels, height, width]</c>, noise-augmented as the network was trained.</param>
    /// <param name="input">One sample's input.</param>
    /// <exception cref="ArgumentException">The input has another number of frames, or the clip another length.</exception>
    public void WriteConditions(InputPlan plan, ReadOnlySpan<float> clip, Span<float> input)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Frames != FrameCount)
        {
            throw new ArgumentException($"The input has {plan.Frames} frames; {FrameCount} were expected.", nameof(plan));
        }

        if (clip.Length % plan.PictureLength != 0 || clip.Length / plan.PictureLength <= KeyFrames.Max())
        {
            throw new ArgumentException(
                $"The clip has {clip.Length} elements; at least {KeyFrames.Max() + 1} frames of {plan.PictureLength} were expected.", nameof(clip));
        }

        plan.ClearConditions(input);
        for (var key = 0; key < KeyFrames.Count; key++)
        {
            plan.WriteImage(input, KnownFrames[key], clip.Slice(KeyFrames[key] * plan.PictureLength, plan.PictureLength));
            plan.WriteMask(input, KnownFrames[key]);
        }
    }
}
