using Emu.Diffusion.Tensors;
using Emu.Media.Warping;

namespace Emu.Generation.Motion;

/// <summary>
/// Moves what a clip shows along the motions that were asked for, around the loop. The thing is moved as a whole, at the frames' own
/// size, so nothing tears. What would leave the picture is kept in it by stepping back: all frames are made smaller alike.
/// </summary>
public sealed class LoopMotion
{
    private const float Visible = 0.05f;
    private const int Checks = 64;
    private const double SmallestZoom = 0.5;

    private readonly IReadOnlyList<MotionStep> _steps;
    private readonly Ground? _ground;
    private readonly int _size;
    private readonly Frame _frame;

    /// <summary>Finds the thing in a clip's first frame.</summary>
    /// <param name="steps">The motions, at least one.</param>
    /// <param name="first">The first frame <c>[1, 3 or 4, size, size]</c>, −1 to 1, premultiplied where there is alpha.</param>
    public LoopMotion(IReadOnlyList<MotionStep> steps, FloatTensor first)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(first);
        // What leaves its place moves last: a thing spins about itself while it jumps.
        _steps = [.. steps.OrderBy(step => step.Verb.Travels ? 2 : Displaces(step) ? 1 : 0)];
        _size = first.Shape[3];
        _ground = Ground.Find(first);
        var box = _ground is null ? Box.OfAlpha(first, Visible) : Box.OfAlpha(_ground.Cut(first), Visible);
        _frame = Frame.Around(box ?? new Box(0, 0, _size, _size), _steps, _size);
    }

    /// <summary>Draws a frame of the clip where the loop is at a tick.</summary>
    /// <param name="decoded">The frame as decoded, in the first one's shape.</param>
    /// <param name="tick">The tick, from 0.</param>
    /// <param name="ticks">Ticks of the loop.</param>
    /// <returns>The moved frame, in the same shape.</returns>
    public FloatTensor Apply(FloatTensor decoded, int tick, int ticks)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        var thing = _ground?.Cut(decoded) ?? decoded;
        var hasAlpha = thing.Shape[1] == 4;
        PictureWarp warp = new(thing.Span, _size, _size, hasAlpha ? WarpBorder.Transparent : WarpBorder.Mirrored);
        MotionPose[] poses = [.. _steps.Select(step => step.At((double)tick / ticks))];
        var opacity = poses.Aggregate(1.0, (all, pose) => all * pose.Opacity);
        FloatTensor moved = new(thing.Shape);
        warp.Render(new PoseMap(_frame, poses, _size), Samples(poses), hasAlpha ? (float)opacity : 1, moved.Span);
        return _ground?.Lay(moved, decoded.Shape) ?? moved;
    }

    private static bool Displaces(MotionStep step) => Enumerable.Range(1, 15).Any(part => step.At(part / 16.0) is { Dx: not 0 } or { Dy: not 0 });

    /// <summary>As many samples of a pixel as the thing becomes smaller.</summary>
    private int Samples(MotionPose[] poses)
    {
        var smallest = poses.Aggregate(_frame.Zoom, (scale, pose) => scale * Math.Min(Math.Abs(pose.ScaleX), Math.Abs(pose.ScaleY)));
        return (int)Math.Clamp(Math.Ceiling((1 / Math.Max(smallest, 0.1)) - 0.2), 1, 4);
    }

    /// <summary>A rectangle of pixels.</summary>
    internal sealed record Box(double Left, double Top, double Right, double Bottom)
    {
        public double Width => Right - Left;

        public double Height => Bottom - Top;

        /// <summary>What is not transparent; null where everything is, or where there is no alpha.</summary>
        public static Box? OfAlpha(FloatTensor picture, float visible)
        {
            if (picture.Shape[1] != 4)
            {
                return null;
            }

            var (height, width) = (picture.Shape[2], picture.Shape[3]);
            var alpha = picture.Span[(3 * height * width)..];
            var (left, top, right, bottom) = (width, height, 0, 0);
            for (var y = 0; y < height; y++)
            {
                var row = alpha.Slice(y * width, width);
                for (var x = 0; x < width; x++)
                {
                    if ((row[x] + 1) / 2 > visible)
                    {
                        (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
                    }
                }
            }

            return right > left ? new Box(left, top, right, bottom) : null;
        }
    }

    /// <summary>The thing's own square in the picture, and how all frames are fitted into it.</summary>
    internal readonly record struct Frame(double CentreX, double CentreY, double Half, double Zoom, double ShiftX, double ShiftY, double TravelX, double TravelY)
    {
        public static Frame Around(Box box, IReadOnlyList<MotionStep> steps, int size)
        {
            var half = Math.Max(box.Width, box.Height) / 2;
            Frame frame = new((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, half, 1, 0, 0, size + box.Width, size + box.Height);
            var staying = steps.Where(step => !step.Verb.Travels).ToArray();
            var (left, top, right, bottom) = (box.Left, box.Top, box.Right, box.Bottom);
            for (var check = 1; check < Checks; check++)
            {
                for (var place = 0; place < 16; place++)
                {
                    // Around the ellipse in the box: corners of stickers are empty.
                    var (sine, cosine) = Math.SinCos(place * Math.PI / 8);
                    var (x, y) = (cosine * box.Width / (2 * half), sine * box.Height / (2 * half));
                    foreach (var step in staying)
                    {
                        (x, y) = step.At((double)check / Checks).Apply(x, y);
                    }

                    var (pixelX, pixelY) = (frame.CentreX + (x * half), frame.CentreY + (y * half));
                    (left, top, right, bottom) = (Math.Min(left, pixelX), Math.Min(top, pixelY), Math.Max(right, pixelX), Math.Max(bottom, pixelY));
                }
            }

            if (left >= 0 && top >= 0 && right <= size && bottom <= size)
            {
                return frame;
            }

            var zoom = Math.Clamp(Math.Min(size / (right - left), size / (bottom - top)), SmallestZoom, 1);
            return frame with { Zoom = zoom, ShiftX = Shift(left, right, zoom, size), ShiftY = Shift(top, bottom, zoom, size) };
        }

        /// <summary>By how many pixels to shift what is zoomed about the middle, so that it lies in the picture; the middle of what is too large for that.</summary>
        private static double Shift(double low, double high, double zoom, int size)
        {
            var middle = size / 2.0;
            (low, high) = (((low - middle) * zoom) + middle, ((high - middle) * zoom) + middle);
            return high - low >= size ? middle - ((low + high) / 2) : low < 0 ? -low : high > size ? size - high : 0;
        }
    }

    private readonly struct PoseMap(Frame frame, MotionPose[] poses, int size) : IWarpMap
    {
        public void Map(float x, float y, out float sourceX, out float sourceY)
        {
            var middle = size / 2.0;
            var pointX = ((x - frame.ShiftX - middle) / frame.Zoom) + middle;
            var pointY = ((y - frame.ShiftY - middle) / frame.Zoom) + middle;
            for (var index = poses.Length - 1; index >= 0; index--)
            {
                var pose = poses[index];
                pointX -= pose.TravelX * frame.TravelX / frame.Zoom;
                pointY -= pose.TravelY * frame.TravelY / frame.Zoom;
                var (thingX, thingY) = pose.Invert((pointX - frame.CentreX) / frame.Half, (pointY - frame.CentreY) / frame.Half);
                pointX = (thingX * frame.Half) + frame.CentreX;
                pointY = (thingY * frame.Half) + frame.CentreY;
            }

            (sourceX, sourceY) = ((float)pointX, (float)pointY);
        }
    }
}
