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

    public static MotionFrame Around(MotionBox box, IReadOnlyList<MotionStep> steps, int width, int height)
    {
        var half = Math.Max(box.Width, box.Height) / 2;
        MotionFrame frame = new((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, half, 1, 0, 0, width + box.Width, height + box.Height, width, height);
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

        if (left >= 0 && top >= 0 && right <= width && bottom <= height)
        {
            return frame;
        }

        var zoom = Math.Clamp(Math.Min(width / (right - left), height / (bottom - top)), SmallestZoom, 1);
        return frame with { Zoom = zoom, ShiftX = Shift(left, right, zoom, width), ShiftY = Shift(top, bottom, zoom, height) };
    }

    /// <summary>By how many pixels to shift what is zoomed about the middle, so that it lies in the picture; the middle of what is too large for that.</summary>
    private static double Shift(double low, double high, double zoom, int size)
    {
        var middle = size / 2.0;
        (low, high) = (((low - middle) * zoom) + middle, ((high - middle) * zoom) + middle);
        return high - low >= size ? middle - ((low + high) / 2) : low < 0 ? -low : high > size ? size - high : 0;
    }

    /// <summary>Which point of the picture is seen at a point, both in pixels.</summary>
    public (double X, double Y) Invert(MotionPose[] poses, double x, double y)
    {
        var (middleX, middleY) = (Width / 2.0, Height / 2.0);
        x = ((x - ShiftX - middleX) / Zoom) + middleX;
        y = ((y - ShiftY - middleY) / Zoom) + middleY;
        for (var index = poses.Length - 1; index >= 0; index--)
        {
            var pose = poses[index];
            x -= pose.TravelX * TravelX / Zoom;
            y -= pose.TravelY * TravelY / Zoom;
            var (thingX, thingY) = pose.Invert((x - CentreX) / Half, (y - CentreY) / Half);
            x = (thingX * Half) + CentreX;
            y = (thingY * Half) + CentreY;
        }

        return (x, y);
    }
}
