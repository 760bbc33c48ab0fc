using Emu.Media.Pictures;

namespace Emu.Bench.Motion;

/// <summary>How a clip's thing moves around the loop, measured on its frames: every list has a value for each frame, relative to the first.</summary>
internal sealed record MeasuredMotion
{
    private MeasuredMotion(IReadOnlyList<FrameMeasure> frames, double[] turn)
    {
        Frames = frames;
        var first = frames[0];
        Size = Math.Max(first.Right - first.Left, first.Bottom - first.Top);
        Right = Each(frame => (frame.X - first.X) / Size);
        Up = Each(frame => (first.Y - frame.Y) / Size);
        FeetUp = Each(frame => (first.Bottom - frame.Bottom) / Size);
        Width = Each(frame => frame.SpreadX / first.SpreadX);
        Height = Each(frame => frame.SpreadY / first.SpreadY);
        Slant = Each(frame => frame.Slant - first.Slant);
        Area = [.. frames.Select(frame => frame.Area * frame.Density / (first.Area * first.Density))];
        Density = [.. frames.Select(frame => frame.Density / first.Density)];
        Bands = [.. Enumerable.Range(0, FrameMeasure.BandCount).Select(band => Each(frame => (frame.Bands[band] - first.Bands[band]) / Size))];
        Turn = turn;

        double[] Each(Func<FrameMeasure, double> value)
        {
            // Where nothing is to be seen, what was seen last.
            var (values, last) = (new double[frames.Count], value(first));
            for (var index = 0; index < values.Length; index++)
            {
                last = values[index] = frames[index].Density > 0.05 && frames[index].Area > 20 ? value(frames[index]) : last;
            }

            return values;
        }
    }

    public IReadOnlyList<FrameMeasure> Frames { get; }

    /// <summary>The thing's longer side in the first frame, in pixels.</summary>
    public double Size { get; }

    /// <summary>Centroid to the right, in sizes.</summary>
    public double[] Right { get; private init; }

    /// <summary>Centroid up, in sizes.</summary>
    public double[] Up { get; private init; }

    /// <summary>Lower edge up, in sizes.</summary>
    public double[] FeetUp { get; private init; }

    /// <summary>Spread across, 1 at first.</summary>
    public double[] Width { get; private init; }

    /// <summary>Spread down, 1 at first.</summary>
    public double[] Height { get; private init; }

    /// <summary>Across for each unit down, beyond the first frame's.</summary>
    public double[] Slant { get; private init; }

    /// <summary>What is seen, 1 at first.</summary>
    public double[] Area { get; private init; }

    /// <summary>Opacity, 1 at first.</summary>
    public double[] Density { get; private init; }

    /// <summary>To the right by band, from top to bottom, in sizes.</summary>
    public double[][] Bands { get; private init; }

    /// <summary>Degrees clockwise, added up from frame to frame; one more value than frames, for the way back to the first.</summary>
    public double[] Turn { get; private init; }

    /// <summary>Whether no frame has more pieces than the first, as far as it is seen and the picture's border does not cut it.</summary>
    public bool IsWhole => Frames.Zip(Area).All(pair => pair.Second < 0.6 || pair.First.IsCut || pair.First.Pieces <= Frames[0].Pieces);

    /// <summary>Measures a loop.</summary>
    public static MeasuredMotion Of(IReadOnlyList<Picture> pictures)
    {
        FrameMeasure[] frames = [.. pictures.Select(FrameMeasure.Of)];
        var radius = Math.Max(frames[0].Right - frames[0].Left, frames[0].Bottom - frames[0].Top) / 2;
        float[][] polars = [.. pictures.Zip(frames, (picture, frame) => TurnMeasure.Polar(picture, frame, radius))];
        var turn = new double[frames.Length + 1];
        for (var index = 0; index < frames.Length; index++)
        {
            var next = (index + 1) % frames.Length;
            var seen = Math.Min(frames[index].Area, frames[next].Area) > 0.7 * frames[0].Area;
            turn[index + 1] = turn[index] + (seen ? TurnMeasure.Between(polars[index], polars[next]) : 0);
        }

        return new(frames, turn);
    }

    /// <summary>The motion beyond another one: that of words beyond what the thing does by itself.</summary>
    public MeasuredMotion Beyond(MeasuredMotion own)
    {
        return this with
        {
            Right = Less(Right, own.Right),
            Up = Less(Up, own.Up),
            FeetUp = Less(FeetUp, own.FeetUp),
            Slant = Less(Slant, own.Slant),
            Turn = Less(Turn, own.Turn),
            Bands = [.. Bands.Zip(own.Bands, Less)],
            Width = Over(Width, own.Width),
            Height = Over(Height, own.Height),
            Area = Over(Area, own.Area),
            Density = Over(Density, own.Density),
        };

        static double[] Less(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a - b)];
        static double[] Over(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a / b)];
    }

    /// <summary>How often values rise over most of their highest value, after having been below the rest of it.</summary>
    public static int Beats(double[] values)
    {
        var (high, beats, isUp) = (values.Max(), 0, false);
        foreach (var value in values)
        {
            if (!isUp && value > 0.7 * high)
            {
                (isUp, beats) = (true, beats + 1);
            }

            isUp &= value > 0.3 * high;
        }

        return beats;
    }

    /// <summary>How often values turn from rising to falling or back, by more than a part of their range.</summary>
    public static int Turns(double[] values)
    {
        var (turns, direction, extreme, least) = (0, 0, values[0], 0.25 * (values.Max() - values.Min()));
        foreach (var value in values)
        {
            if (direction >= 0 && value < extreme - least)
            {
                (turns, direction, extreme) = (turns + 1, -1, value);
            }
            else if (direction <= 0 && value > extreme + least)
            {
                (turns, direction, extreme) = (turns + 1, 1, value);
            }
            else
            {
                extreme = direction >= 0 ? Math.Max(extreme, value) : Math.Min(extreme, value);
            }
        }

        return turns;
    }
}
