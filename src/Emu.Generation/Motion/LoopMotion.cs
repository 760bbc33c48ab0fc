using System.Numerics.Tensors;
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

    private readonly IReadOnlyList<MotionStep> _steps;
    private readonly Camera? _camera;
    private readonly Ground? _ground;
    private readonly FloatTensor _first;
    private readonly PictureWarp _warp;
    private readonly int _width;
    private readonly int _height;
    private readonly MotionFrame _frame;
    private readonly double _enlarged;

    /// <summary>Finds the thing in a clip's first frame.</summary>
    /// <param name="steps">The motions that were asked for; with none, only the camera and flows move the picture.</param>
    /// <param name="first">The first frame <c>[1, 3 or 4, height, width]</c>, −1 to 1, premultiplied where there is alpha.</param>
    /// <param name="camera">The camera; null for one that stands still.</param>
    /// <param name="enlarged">By how much the picture was enlarged before: so much smaller it may become without losing detail.</param>
    public LoopMotion(IReadOnlyList<MotionStep> steps, FloatTensor first, Camera? camera = null, double enlarged = 1)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(first);
        // What leaves its place moves last: a thing spins about itself while it jumps.
        _steps = [.. steps.OrderBy(step => step.Verb.Travels ? 2 : Displaces(step) ? 1 : 0)];
        (_first, _camera, _height, _width, _enlarged) = (first, camera, first.Shape[2], first.Shape[3], Math.Max(1, enlarged));
        _ground = steps.Count > 0 ? Ground.Find(first) : null;
        var thing = _ground?.Cut(first) ?? first;
        _frame = MotionFrame.Around(MotionBox.OfAlpha(thing, Visible) ?? new MotionBox(0, 0, _width, _height), _steps, _width, _height);
        _warp = WarpOf(thing);
    }

    /// <summary>Draws the frame of the loop at a tick, of the first frame.</summary>
    /// <param name="flow">How the first frame is warped at this tick (<see cref="FlowField"/> of its size); null for not at all.</param>
    /// <param name="tick">The tick, from 0.</param>
    /// <param name="ticks">Ticks of the loop.</param>
    /// <returns>The moved frame, in the first one's shape.</returns>
    public FloatTensor Apply(FlowField? flow, int tick, int ticks) => Draw(_warp, flow, tick, ticks);

    /// <summary>Draws a frame of the clip where the loop is at a tick.</summary>
    /// <param name="decoded">The frame as decoded, in the first one's shape.</param>
    /// <param name="tick">The tick, from 0.</param>
    /// <param name="ticks">Ticks of the loop.</param>
    /// <returns>The moved frame, in the same shape.</returns>
    public FloatTensor Apply(FloatTensor decoded, int tick, int ticks)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        return Draw(WarpOf(_ground?.Cut(decoded) ?? decoded), null, tick, ticks);
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

    private FloatTensor Draw(PictureWarp warp, FlowField? flow, int tick, int ticks)
    {
        var part = (double)tick / ticks;
        MotionPose[] poses = [.. _steps.Select(step => step.At(part))];
        var opacity = poses.Aggregate(1.0, (all, pose) => all * pose.Opacity);
        var camera = _camera?.At(part, _width, _height);
        FloatTensor moved = new([1, warp.Channels, _height, _width]);
        if (poses.Length == 0 && camera is null && flow is not null)
        {
            warp.Render(new FlowMap(flow), 1, 1, moved.Span);
        }
        else
        {
            warp.Render(new PoseMap(_frame, poses, camera, flow), Samples(poses), warp.Channels == 4 ? (float)opacity : 1, moved.Span);
        }

        return _ground?.Lay(moved, _first.Shape) ?? moved;
    }

    /// <summary>As many samples of a pixel as the thing becomes smaller.</summary>
    private int Samples(MotionPose[] poses)
    {
        var smallest = poses.Aggregate(_frame.Zoom, (scale, pose) => scale * Math.Min(Math.Abs(pose.ScaleX), Math.Abs(pose.ScaleY)));
        return (int)Math.Clamp(Math.Ceiling((1 / Math.Max(smallest * _enlarged, 0.1)) - 0.2), 1, 4);
    }

    /// <summary>A flow alone, at the centres of pixels: what most clips need.</summary>
    private readonly struct FlowMap(FlowField flow) : IWarpMap
    {
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            var (across, down) = flow.AtPixel((int)x, (int)y);
            (sourceX, sourceY) = (x + across, y + down);
        }
    }

    private readonly struct PoseMap(MotionFrame frame, MotionPose[] poses, CameraMap? camera, FlowField? flow) : IWarpMap
    {
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            var (pointX, pointY) = camera is { } view ? view.Map(x, y) : ((double)x, (double)y);
            (pointX, pointY) = poses.Length > 0 ? frame.Invert(poses, pointX, pointY) : (pointX, pointY);
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
