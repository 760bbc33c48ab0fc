using System.Numerics.Tensors;
using Emu.Diffusion.ChannelLayouts;

namespace Emu.Diffusion.Guidance;

/// <summary>
/// Guidance as a weighted sum of evaluations under different conditions (Emu Video, arXiv 2311.10709, equation 1; InstructPix2Pix,
/// arXiv 2211.09800, equation 3): X(∅) + wᵢ·(X(I) − X(∅)) + wₚ·(X(I,p) − X(I)). Conditions that are equal for a request are
/// evaluated once, those of weight 0 not at all. Without a picture this is classifier-free guidance, X(∅) + w·(X(p) − X(∅)).
/// </summary>
/// <remarks>The outputs may come from one batch or one after another; they are summed in the same order, so the sum is the same.</remarks>
public sealed class GuidanceRule
{
    private readonly float[][] _weights;
    private readonly IReadOnlyList<FrameBlock> _blocks;
    private readonly float _rescale;

    /// <summary>Makes the rule for a request.</summary>
    /// <param name="scales">The scales.</param>
    /// <param name="hasText">Whether there is a text; without, its scale means nothing.</param>
    /// <param name="hasImage">Whether there is a picture; without, its scale means nothing and text guidance is classifier-free.</param>
    /// <param name="plan">Where the frames of a prediction lie.</param>
    public GuidanceRule(GuidanceScales scales, bool hasText, bool hasImage, InputPlan plan)
    {
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(plan);
        _blocks = plan.FrameBlocks;
        _rescale = scales.Rescale;
        Dictionary<GuidanceCondition, float[]> terms = [];
        for (var frame = 0; frame < plan.Frames; frame++)
        {
            // A condition that is not there takes the other's scale, so that its own term vanishes exactly.
            var image = hasImage ? ImageScale(scales, frame, plan.Frames) : hasText ? scales.Text : 1;
            var text = hasText ? scales.Text : image;
            Add(new GuidanceCondition(hasText, hasImage), text, frame);
            Add(new GuidanceCondition(false, hasImage), image - text, frame);
            Add(new GuidanceCondition(false, false), 1 - image, frame);
        }

        // Rescaling measures the full condition, so that one is evaluated even where its weight is 0.
        var full = new GuidanceCondition(hasText, hasImage);
        var kept = terms.Where(term => Array.Exists(term.Value, weight => weight != 0)).Select(term => term.Key).ToList();
        if (_rescale != 0 && !kept.Contains(full))
        {
            kept.Insert(0, full);
        }

        Conditions = kept;
        _weights = [.. kept.Select(condition => terms[condition])];

        void Add(GuidanceCondition condition, float weight, int frame)
        {
            if (!terms.TryGetValue(condition, out var ofFrames))
            {
                terms.Add(condition, ofFrames = new float[plan.Frames]);
            }

            ofFrames[frame] += weight;
        }
    }

    /// <summary>What to evaluate, in InstructPix2Pix's batch order: text and picture, picture, nothing.</summary>
    public IReadOnlyList<GuidanceCondition> Conditions { get; }

    /// <summary>Whether the only evaluation is the prediction, without anything to combine.</summary>
    public bool IsPlain => _weights is [{ } only] && Array.TrueForAll(only, weight => weight == 1);

    /// <summary>Adds an evaluation, times its weight, to the guided prediction; the first replaces what was there.</summary>
    /// <param name="index">Which of <see cref="Conditions"/>; added in order.</param>
    /// <param name="output">The network's output under it.</param>
    /// <param name="guided">The guided prediction.</param>
    public void Add(int index, ReadOnlySpan<float> output, Span<float> guided)
    {
        if (output.Length != guided.Length)
        {
            throw new ArgumentException($"The output has {output.Length} elements, the guided prediction {guided.Length}.", nameof(output));
        }

        var ofFrames = _weights[index];
        if (Array.TrueForAll(ofFrames, weight => weight == ofFrames[0]))
        {
            AddBlock(index, output, ofFrames[0], guided);
            return;
        }

        foreach (var block in _blocks)
        {
            AddBlock(index, output.Slice(block.Offset, block.Length), ofFrames[block.Frame], guided.Slice(block.Offset, block.Length));
        }
    }

    /// <summary>Rescales the guided prediction towards the standard deviation of the fully conditioned one; does nothing where <see cref="GuidanceScales.Rescale"/> is 0.</summary>
    /// <param name="conditioned">The output under the first of <see cref="Conditions"/>.</param>
    /// <param name="guided">The guided prediction.</param>
    public void Rescale(ReadOnlySpan<float> conditioned, Span<float> guided)
    {
        if (_rescale == 0 || IsPlain)
        {
            return;
        }

        var spread = Spread(guided);
        if (spread > 0)
        {
            var factor = Spread(conditioned) / spread;
            TensorPrimitives.Multiply(guided, (float)((_rescale * factor) + 1 - _rescale), guided);
        }
    }

    private static float ImageScale(GuidanceScales scales, int frame, int frames) => scales.FirstFrameImage is { } first && frames > 1
        ? first + ((scales.Image - first) * frame / (frames - 1))
        : scales.Image;

    /// <summary>The standard deviation, summed in one fixed order: a vectorised sum may depend on where the memory lies, and a resumed run must not.</summary>
    private static double Spread(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / values.Length;
        return Math.Sqrt(Math.Max((squares / values.Length) - (mean * mean), 0));
    }

    private static void AddBlock(int index, ReadOnlySpan<float> output, float weight, Span<float> guided)
    {
        if (index == 0)
        {
            TensorPrimitives.Multiply(output, weight, guided);
        }
        else if (weight != 0)
        {
            TensorPrimitives.MultiplyAdd(output, weight, guided, guided);
        }
    }
}

/// <summary>The conditions of one evaluation of the network.</summary>
/// <param name="Text">Whether it is conditioned on the text.</param>
/// <param name="Image">Whether it is conditioned on the picture.</param>
public readonly record struct GuidanceCondition(bool Text, bool Image);
