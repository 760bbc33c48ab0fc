using Emu.Diffusion.Tensors;

namespace Emu.Generation.Motion;

/// <summary>A rectangle of pixels.</summary>
internal sealed record MotionBox(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    /// <summary>What is not transparent; null where everything is, or where there is no alpha.</summary>
    public static MotionBox? OfAlpha(FloatTensor picture, float visible)
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

        return right > left ? new MotionBox(left, top, right, bottom) : null;
    }
}

/// <summary>The thing's own square in the picture, and how all frames are fitted into it.</summary>
internal readonly record struct MotionFrame(double CentreX, double CentreY, double Half, double Zoom, double ShiftX, double ShiftY, double TravelX, double TravelY, int Width, int Height)
{
    private const int Checks = 64;
    private const double SmallestZoom = 0.5;

    /// <summary>Fits all frames into the picture, alike for every thing in it.</summary>
    /// <param name="things">Each thing's rectangle and its motions.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <returns>A frame for each thing.</returns>
    public static MotionFrame[] Around(IReadOnlyList<(MotionBox Box, IReadOnlyList<MotionStep> Steps)> things, int width, int height)
    {
        MotionFrame[] frames = [.. things.Select(thing => Of(thing.Box, width, height))];
        var (left, top, right, bottom) = (things.Min(thing => thing.Box.Left), things.Min(thing => thing.Box.Top), things.Max(thing => thing.Box.Right), things.Max(thing => thing.Box.Bottom));
        for (var thing = 0; thing < frames.Length; thing++)
        {
            foreach (var (x, y) in frames[thing].Reached(things[thing].Box, things[thing].Steps))
            {
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            }
        }

        if (left >= 0 && top >= 0 && right <= width && bottom <= height)
        {
            return frames;
        }

        var zoom = Math.Clamp(Math.Min(width / (right - left), height / (bottom - top)), SmallestZoom, 1);
        return [.. frames.Select(frame => frame with { Zoom = zoom, ShiftX = Shift(left, right, zoom, width), ShiftY = Shift(top, bottom, zoom, height) })];
    }

    private static MotionFrame Of(MotionBox box, int width, int height) =>
        new((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, Math.Max(box.Width, box.Height) / 2, 1, 0, 0, width + box.Width, height + box.Height, width, height);

    /// <summary>Places, in pixels, that a thing comes to in a loop without leaving the picture on purpose.</summary>
    private IEnumerable<(double X, double Y)> Reached(MotionBox box, IReadOnlyList<MotionStep> steps)
    {
        var staying = steps.Where(step => !step.Verb.Travels).ToArray();
        for (var check = 1; check < Checks; check++)
        {
            for (var place = 0; place < 16; place++)
            {
                // Around the ellipse in the box: corners of stickers are empty.
                var (sine, cosine) = Math.SinCos(place * Math.PI / 8);
                var (x, y) = (cosine * box.Width / (2 * Half), sine * box.Height / (2 * Half));
                foreach (var step in staying)
                {
                    (x, y) = step.At((double)check / Checks).Apply(x, y);
                }

                yield return (CentreX + (x * Half), CentreY + (y * Half));
            }
        }
    }

    /// <summary>By how many pixels to shift what is zoomed about the middle, so that it lies in the picture; the middle of what is too large for that.</summary>
    private static double Shift(double low, double high, double zoom, int size)
    {
        var middle = size / 2.0;
        (low, high) = (((low - middle) * zoom) + middle, ((high - middle) * zoom) + middle);
        return high - low >= size ? middle - ((low + high) / 2) : low < 0 ? -low : high > size ? size - high : 0;
    }

    /// <summary>Which point of the picture is seen at a point, before a camera and with the thing in poses, of which the last is applied last.</summary>
    public SeenPoint Inverse(MotionPose[] poses, CameraMap? camera)
    {
        var frame = this;
        List<BentPart> parts = [];
        Func<double, double, (double X, double Y)> seen = (x, y) => camera is { } view ? frame.Unfit(view.Map(x, y)) : frame.Unfit((x, y));
        foreach (var pose in poses.Reverse())
        {
            var before = seen;
            seen = (x, y) =>
            {
                var (thingX, thingY) = frame.InThing(before(x, y), pose);
                return pose.InvertAffine(thingX, thingY);
            };
            if (!pose.IsAffine)
            {
                parts.Add(new(AffineMap.Of(seen), pose));
                seen = (x, y) => (x, y);
            }

            var straightened = seen;
            seen = (x, y) => frame.InPicture(straightened(x, y));
        }

        return new([.. parts], AffineMap.Of(seen));
    }

    private (double X, double Y) Unfit((double X, double Y) point) =>
        (((point.X - ShiftX - (Width / 2.0)) / Zoom) + (Width / 2.0), ((point.Y - ShiftY - (Height / 2.0)) / Zoom) + (Height / 2.0));

    /// <summary>In the thing's own square [−1, 1]².</summary>
    private (double X, double Y) InThing((double X, double Y) point, MotionPose pose) =>
        ((point.X - (pose.TravelX * TravelX / Zoom) - CentreX) / Half, (point.Y - (pose.TravelY * TravelY / Zoom) - CentreY) / Half);

    private (double X, double Y) InPicture((double X, double Y) point) => ((point.X * Half) + CentreX, (point.Y * Half) + CentreY);
}
