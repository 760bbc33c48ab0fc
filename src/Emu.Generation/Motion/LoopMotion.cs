using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Emu.Diffusion.Tensors;
using Emu.Media.Warping;

namespace Emu.Generation.Motion;

/// <summary>
/// Moves what a clip shows around the loop: along a flow, along the motions that were asked for, and before a camera, in one warp at the
/// picture's own size. The thing is moved as a whole or by a smooth flow, so nothing tears. What would leave the picture is kept in it
/// by stepping back: all frames are made smaller alike. Safe for concurrent use.
/// </summary>
public sealed class LoopMotion
{
    private const float Visible = 0.05f;

    private readonly Camera? _camera;
    private readonly Ground? _ground;
    private readonly TwoThings? _things;
    private readonly IReadOnlyList<Moved> _moved;
    private readonly TensorShape _shape;
    private readonly int _width;
    private readonly int _height;
    private readonly double _enlarged;

    /// <summary>Finds the thing in a clip's first frame, or two of them.</summary>
    /// <param name="steps">The motions that were asked for; with none, only the camera and flows move the picture.</param>
    /// <param name="first">The first frame <c>[1, 3 or 4, height, width]</c>, −1 to 1, premultiplied where there is alpha.</param>
    /// <param name="camera">The camera; null for one that stands still.</param>
    /// <param name="enlarged">By how much the picture was enlarged before: so much smaller it may become without losing detail.</param>
    /// <param name="layout">How two things lie, of which steps may move one (<see cref="MotionStep.Thing"/>); null for one thing.</param>
    public LoopMotion(IReadOnlyList<MotionStep> steps, FloatTensor first, Camera? camera = null, double enlarged = 1, ThingLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(first);
        (_shape, _camera, _height, _width, _enlarged) = (first.Shape, camera, first.Shape[2], first.Shape[3], Math.Max(1, enlarged));
        _ground = steps.Count > 0 ? Ground.Find(first) : null;
        var thing = _ground?.Cut(first) ?? first;
        var isOfOne = layout is not null && steps.Any(step => step.Thing is not null);
        _things = isOfOne ? TwoThings.Find(thing, layout!.Value) : null;
        MovesBoth = isOfOne && _things is null;

        // What leaves its place moves last: a thing spins about itself while it jumps.
        MotionStep[] sorted = [.. steps.OrderBy(step => step.Verb.Travels ? 2 : Displaces(step) ? 1 : 0)];
        (FloatTensor Picture, IReadOnlyList<MotionStep> Steps)[] parts = _things is null
            ? [(thing, sorted.DistinctBy(step => step.Verb).ToArray())]
            : [.. Enumerable.Range(0, 2).Select(index => (_things.Only(thing, index), (IReadOnlyList<MotionStep>)[.. sorted.Where(step => (step.Thing ?? index) == index)]))];
        var frames = MotionFrame.Around([.. parts.Select(part => (MotionBox.OfAlpha(part.Picture, Visible) ?? new MotionBox(0, 0, _width, _height), part.Steps))], _width, _height);
        _moved = [.. parts.Zip(frames, (part, frame) => new Moved(part.Steps, frame, WarpOf(part.Picture)))];
    }

    /// <summary>Whether a motion of one of two things moves both, because they cannot be told apart in the picture.</summary>
    public bool MovesBoth { get; }

    /// <summary>Draws the frame of the loop at a tick, of the first frame.</summary>
    /// <param name="flow">How the first frame is warped at this tick (<see cref="FlowField"/> of its size); null for not at all.</param>
    /// <param name="tick">The tick, from 0.</param>
    /// <param name="ticks">Ticks of the loop.</param>
    /// <returns>The moved frame, in the first one's shape.</returns>
    public FloatTensor Apply(FlowField? flow, int tick, int ticks) => Draw(_moved, flow, tick, ticks);

    /// <summary>Draws a frame of the clip where the loop is at a tick.</summary>
    /// <param name="decoded">The frame as decoded, in the first one's shape.</param>
    /// <param name="tick">The tick, from 0.</param>
    /// <param name="ticks">Ticks of the loop.</param>
    /// <returns>The moved frame, in the same shape.</returns>
    public FloatTensor Apply(FloatTensor decoded, int tick, int ticks)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        var thing = _ground?.Cut(decoded) ?? decoded;
        return Draw([.. _moved.Select((moved, index) => moved with { Warp = WarpOf(_things?.Only(thing, index) ?? thing) })], null, tick, ticks);
    }

    private static bool Displaces(MotionStep step) => Enumerable.Range(1, 15).Any(part => step.At(part / 16.0) is { Dx: not 0 } or { Dy: not 0 });

    private static PictureWarp WarpOf(FloatTensor thing) =>
        new(thing.Span, thing.Shape[3], thing.Shape[2], thing.Shape[1] == 4 && !IsOpaque(thing) ? WarpBorder.Transparent : WarpBorder.Mirrored);

    /// <summary>A picture that is opaque all along its border goes on beyond it.</summary>
    private static bool IsOpaque(FloatTensor picture)
    {
        var (height, width) = (picture.Shape[2], picture.Shape[3]);
        var alpha = picture.Span[(3 * height * width)..];
        var least = Math.Min(TensorPrimitives.Min(alpha[..width]), TensorPrimitives.Min(alpha[((height - 1) * width)..]));
        for (var row = 0; row < height; row++)
        {
            least = Math.Min(least, Math.Min(alpha[row * width], alpha[(row * width) + width - 1]));
        }

        return least > 0.9f;
    }

    private FloatTensor Draw(IReadOnlyList<Moved> moved, FlowField? flow, int tick, int ticks)
    {
        var drawn = Draw(moved[0], flow, tick, ticks);
        if (moved.Count > 1)
        {
            var other = Draw(moved[1], flow, tick, ticks);
            // What jumps is in front of what stays.
            drawn = moved[1].Steps.Any(Displaces) && !moved[0].Steps.Any(Displaces) ? Join(other, drawn) : Join(drawn, other);
        }

        return _ground?.Lay(drawn, _shape) ?? drawn;
    }

    private FloatTensor Draw(Moved moved, FlowField? flow, int tick, int ticks)
    {
        var part = (double)tick / ticks;
        MotionPose[] poses = [.. moved.Steps.Select(step => step.At(part))];
        var opacity = poses.Aggregate(1.0, (all, pose) => all * pose.Opacity);
        var camera = _camera?.At(part, _width, _height);
        FloatTensor drawn = new([1, moved.Warp.Channels, _height, _width]);
        if (poses.Length == 0 && camera is null && flow is not null && moved.Frame.Zoom == 1)
        {
            moved.Warp.Render(new FlowMap(flow), 1, 1, drawn.Span);
        }
        else
        {
            PoseMap map = new(moved.Frame.Inverse(poses, camera), flow);
            moved.Warp.Render(map, Samples(moved.Frame, poses), moved.Warp.Channels == 4 ? (float)opacity : 1, drawn.Span);
        }

        return drawn;
    }

    /// <summary>
    /// Lays one thing over another, both premultiplied, −1 to 1, in the memory of the upper one. What they both cover by half they cover
    /// together wholly (disjoint over), so that no seam shows where they touch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FloatTensor Join(FloatTensor upper, FloatTensor lower)
    {
        var above = upper.Span;
        var below = lower.Span;
        var plane = above.Length / 4;
        for (var pixel = 0; pixel < plane; pixel++)
        {
            var alpha = (below[(3 * plane) + pixel] + 1) / 2;
            if (alpha <= 0)
            {
                continue;
            }

            var share = Math.Min(1, (1 - ((above[(3 * plane) + pixel] + 1) / 2)) / alpha);
            for (var at = pixel; at < above.Length && share > 0; at += plane)
            {
                above[at] += (below[at] + 1) * share;
            }
        }

        return upper;
    }

    /// <summary>As many samples of a pixel as the thing becomes smaller.</summary>
    private int Samples(MotionFrame frame, MotionPose[] poses)
    {
        var smallest = poses.Aggregate(frame.Zoom, (scale, pose) => scale * Math.Min(Math.Abs(pose.ScaleX), Math.Abs(pose.ScaleY)));
        return (int)Math.Clamp(Math.Ceiling((1 / Math.Max(smallest * _enlarged, 0.1)) - 0.2), 1, 4);
    }

    /// <summary>A thing that moves as one.</summary>
    private sealed record Moved(IReadOnlyList<MotionStep> Steps, MotionFrame Frame, PictureWarp Warp);

    /// <summary>A flow alone, at the centres of pixels: what most clips need.</summary>
    private readonly struct FlowMap(FlowField flow) : IWarpMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            var (across, down) = flow.AtPixel((int)x, (int)y);
            (sourceX, sourceY) = (x + across, y + down);
        }
    }

    private readonly struct PoseMap(SeenPoint seen, FlowField? flow) : IWarpMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            var (pointX, pointY) = seen.At(x, y);
            (sourceX, sourceY) = ((float)pointX, (float)pointY);
            if (flow is not null)
            {
                var (across, down) = flow.At(sourceX, sourceY);
                sourceX += across;
                sourceY += down;
            }
        }
    }
}
