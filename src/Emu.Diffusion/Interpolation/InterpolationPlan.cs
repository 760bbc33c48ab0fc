using Emu.Diffusion.ChannelLayouts;

namespace Emu.Diffusion.Interpolation;

/// <summary>
/// How a clip becomes a video of four times as many frames through a network that takes a few key frames at a time (Emu Video,
/// arXiv 2311.10709, section 3.3): which runs to make, and which of their frames is every tick.
/// </summary>
/// <remarks>
/// Emu Video's 16 frames make two halves of 8, each interpolated to 37 frames: ticks −4…32 and 28…64. Joined they give 65 ticks,
/// 0…64: the 4 frames before the clip and 5 that both halves have are dropped. A tick that both have is taken where it stands
/// nearer to a known frame, so known frames are never replaced by guesses. (The paper's own trim, the last 5 and the first 4,
/// also counts 65 but skips ticks 28 to 31.) A loop closes: its ticks past the end are its first ones.
/// </remarks>
public sealed class InterpolationPlan
{
    private readonly (int Segment, int Frame)[] _sources;
    private readonly int _frameCount;
    private readonly int _factor;

    private InterpolationPlan(InterpolationSegment[] segments, int frameCount, int factor, bool loops)
    {
        var tickCount = (frameCount * factor) + (loops ? 0 : 1);
        _frameCount = frameCount;
        _factor = factor;
        Segments = segments;
        Loops = loops;
        _sources = new (int, int)[tickCount];
        for (var tick = 0; tick < tickCount; tick++)
        {
            _sources[tick] = Candidates(tick).OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Leads).First().Source;
        }
    }

    /// <summary>The runs to make.</summary>
    public IReadOnlyList<InterpolationSegment> Segments { get; }

    /// <summary>Frames of the finished video: 65 for 16 open frames, 64 for a loop of 16.</summary>
    public int TickCount => _sources.Length;

    /// <summary>Whether the last tick is followed by the first.</summary>
    public bool Loops { get; }

    /// <summary>Plans the interpolation of a clip.</summary>
    /// <param name="frameCount">The clip's frames, at least <paramref name="segmentLength"/>.</param>
    /// <param name="loops">Whether the clip is a loop.</param>
    /// <param name="segmentLength">Key frames that the network takes at a time. Default 8.</param>
    /// <param name="factor">Ticks from one frame to the next. Default 4.</param>
    public static InterpolationPlan Create(int frameCount, bool loops, int segmentLength = 8, int factor = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, segmentLength);
        List<InterpolationSegment> segments = [];
        for (var start = 0; start < frameCount; start += segmentLength)
        {
            // What is left over is filled up from before, or around the loop.
            var first = loops ? start : Math.Min(start, frameCount - segmentLength);
            segments.Add(new InterpolationSegment(
                [.. Enumerable.Range(first, segmentLength).Select(key => key % frameCount)], (first - 1) * factor, factor));
        }

        return new InterpolationPlan([.. segments], frameCount, factor, loops);
    }

    /// <summary>Where a tick's frame comes from.</summary>
    /// <param name="tick">The tick, from 0.</param>
    /// <returns>The run, and the frame in it.</returns>
    public (int Segment, int Frame) Source(int tick) => _sources[tick];

    /// <summary>Joins the runs' frames to the video. Ticks that are frames of the clip are taken from it, bit for bit.</summary>
    /// <param name="segments">Each run's frames, frame after frame.</param>
    /// <param name="clip">The clip's frames, frame after frame.</param>
    /// <param name="destination"><see cref="TickCount"/> frames.</param>
    /// <exception cref="ArgumentException">There are too few or too many runs, or one or the clip has another length.</exception>
    public void Join(IReadOnlyList<ReadOnlyMemory<float>> segments, ReadOnlySpan<float> clip, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count != Segments.Count || destination.Length % TickCount != 0)
        {
            throw new ArgumentException(
                $"{segments.Count} runs and {destination.Length} elements were given; {Segments.Count} runs and {TickCount} frames were expected.", nameof(segments));
        }

        var length = destination.Length / TickCount;
        for (var index = 0; index < segments.Count; index++)
        {
            if (segments[index].Length != Segments[index].FrameCount * length)
            {
                throw new ArgumentException(
                    $"Run {index} has {segments[index].Length} elements; {Segments[index].FrameCount} frames of {length} were expected.", nameof(segments));
            }
        }

        if (clip.Length != _frameCount * length)
        {
            throw new ArgumentException($"The clip has {clip.Length} elements; {_frameCount} frames of {length} were expected.", nameof(clip));
        }

        for (var tick = 0; tick < TickCount; tick++)
        {
            var (segment, frame) = _sources[tick];
            var source = tick % _factor == 0 && tick / _factor < _frameCount
                ? clip.Slice(tick / _factor * length, length)
                : segments[segment].Span.Slice(frame * length, length);
            source.CopyTo(destination.Slice(tick * length, length));
        }
    }

    /// <summary>The runs that have a tick, how far it stands there from a known frame, and whether it leads up to one rather than follows one.</summary>
    private IEnumerable<((int Segment, int Frame) Source, int Distance, bool Leads)> Candidates(int tick)
    {
        for (var index = 0; index < Segments.Count; index++)
        {
            var segment = Segments[index];
            for (var frame = 0; frame < segment.FrameCount; frame++)
            {
                var at = segment.FirstTick + frame;
                if (at == tick || (Loops && Modulo(at, _sources.Length) == tick))
                {
                    var nearest = segment.KnownFrames.MinBy(known => Math.Abs(known - frame));
                    yield return ((index, frame), Math.Abs(nearest - frame), nearest > frame);
                }
            }
        }
    }

    private static int Modulo(int value, int divisor) => ((value % divisor) + divisor) % divisor;
}

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
