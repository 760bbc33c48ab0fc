using System.Numerics;
using Emu.Editing.Composition;

namespace Emu.Editing.Operations.Removal;

/// <summary>A part of a picture at one size, with a hole in it, and for every patch that touches the hole the known patch that it is like.</summary>
internal sealed class FillLevel
{
    /// <summary>Pixels from a patch's middle to its border: patches are 7 × 7.</summary>
    public const int Reach = 3;

    /// <summary>What a pixel counts for, the less the farther it lies from known ones (Wexler, Shechtman and Irani, "Space-time completion of video", 2007, §3.4).</summary>
    private const float ConfidenceBase = 1.3f;

    public FillLevel(int width, int height, Vector4[] pixels, bool[] hole)
    {
        (Width, Height, Pixels, Hole) = (width, height, pixels, hole);
        (Sources, Targets) = Classify();
        TargetOf = new int[pixels.Length];
        Array.Fill(TargetOf, -1);
        for (var i = 0; i < Targets.Length; i++)
        {
            TargetOf[Targets[i]] = i;
        }
        Matches = new int[Targets.Length];
        Distances = new float[Targets.Length];
        Confidence = Confidences();
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Red, green and blue, 0 to 1, <c>[height, width]</c>; those of the hole are guesses.</summary>
    public Vector4[] Pixels { get; }

    /// <summary>Which pixels are to be filled.</summary>
    public bool[] Hole { get; }

    /// <summary>Whether a patch around a pixel is whole and known.</summary>
    public bool[] IsSource { get; private set; } = [];

    /// <summary>The middles of known patches.</summary>
    public int[] Sources { get; }

    /// <summary>The middles of patches that touch the hole.</summary>
    public int[] Targets { get; }

    /// <summary>Of each pixel its place in <see cref="Targets"/>, or −1.</summary>
    public int[] TargetOf { get; }

    /// <summary>Of each target the middle of the known patch that it is like.</summary>
    public int[] Matches { get; set; }

    /// <summary>Of each target how unlike its match is.</summary>
    public float[] Distances { get; set; }

    /// <summary>What each pixel counts for, 0 to 1.</summary>
    public float[] Confidence { get; }

    /// <summary>The level at half the size.</summary>
    public FillLevel Half()
    {
        var (width, height) = ((Width + 1) / 2, (Height + 1) / 2);
        var (pixels, hole) = (new Vector4[width * height], new bool[width * height]);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sum, count, holes, all) = (Vector4.Zero, 0, 0, 0);
                for (var sub = 0; sub < 4; sub++)
                {
                    var (column, row) = ((2 * x) + (sub & 1), (2 * y) + (sub >> 1));
                    if (column >= Width || row >= Height)
                    {
                        continue;
                    }
                    all++;
                    if (Hole[(row * Width) + column])
                    {
                        holes++;
                    }
                    else
                    {
                        sum += Pixels[(row * Width) + column];
                        count++;
                    }
                }
                hole[(y * width) + x] = holes > 0;
                pixels[(y * width) + x] = count > 0 ? sum / count : default;
            }
        }
        return new FillLevel(width, height, pixels, hole);
    }

    /// <summary>Guesses the hole's colours: those around it, spread smoothly.</summary>
    public void Guess()
    {
        var cells = new Vector4[Pixels.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = Hole[i] ? default : Pixels[i] with { W = 1 };
        }
        GridBlurs.Fill(cells, Width, Height);
        for (var i = 0; i < cells.Length; i++)
        {
            Pixels[i] = Hole[i] ? cells[i] with { W = 0 } : Pixels[i];
        }
    }

    private (int[] Sources, int[] Targets) Classify()
    {
        // How many pixels of the hole lie above and left of each place.
        var sums = new int[(Width + 1) * (Height + 1)];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                sums[((y + 1) * (Width + 1)) + x + 1] = sums[(y * (Width + 1)) + x + 1] + sums[((y + 1) * (Width + 1)) + x] - sums[(y * (Width + 1)) + x] + (Hole[(y * Width) + x] ? 1 : 0);
            }
        }
        IsSource = new bool[Hole.Length];
        List<int> sources = [];
        List<int> targets = [];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (left, top, right, bottom) = (Math.Max(0, x - Reach), Math.Max(0, y - Reach), Math.Min(Width, x + Reach + 1), Math.Min(Height, y + Reach + 1));
                var holes = sums[(bottom * (Width + 1)) + right] - sums[(top * (Width + 1)) + right] - sums[(bottom * (Width + 1)) + left] + sums[(top * (Width + 1)) + left];
                if (holes > 0)
                {
                    targets.Add((y * Width) + x);
                }
                else if (x >= Reach && y >= Reach && x < Width - Reach && y < Height - Reach)
                {
                    IsSource[(y * Width) + x] = true;
                    sources.Add((y * Width) + x);
                }
            }
        }
        return ([.. sources], [.. targets]);
    }

    private float[] Confidences()
    {
        var confidence = new float[Hole.Length];
        Array.Fill(confidence, 1);
        var ring = new List<int>();
        var inside = (bool[])Hole.Clone();
        for (var step = 1; ; step++)
        {
            ring.Clear();
            foreach (var at in Targets)
            {
                var x = at % Width;
                if (inside[at] && ((x > 0 && !inside[at - 1]) || (x < Width - 1 && !inside[at + 1]) || (at >= Width && !inside[at - Width]) || (at < inside.Length - Width && !inside[at + Width])))
                {
                    ring.Add(at);
                }
            }
            if (ring.Count == 0 || step > 24)
            {
                foreach (var at in Targets)
                {
                    confidence[at] = inside[at] ? MathF.Pow(ConfidenceBase, -step) : confidence[at];
                }
                return confidence;
            }
            foreach (var at in ring)
            {
                confidence[at] = MathF.Pow(ConfidenceBase, -step);
                inside[at] = false;
            }
        }
    }
}
