using System.Numerics.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Guidance as a weighted sum of evaluations under different conditions (Emu Video, arXiv 2311.10709, equation 1; InstructPix2Pix,
/// arXiv 2211.09800, equation 3): X(∅) + wᵢ·(X(I) − X(∅)) + wₚ·(X(I,p) − X(I)). Conditions that are equal for a request are
/// evaluated once, those of weight 0 not at all; without a picture it is classifier-free guidance.
/// </summary>
internal sealed class GuidanceTerms
{
    private readonly float[][] _weights;
    private readonly (int Frame, int Offset, int Length)[] _blocks;
    private readonly float _rescale;

    public GuidanceTerms(DenoiseRequest request, DenoiserShape shape, bool hasText, bool hasImage)
    {
        _blocks = [.. shape.FrameBlocks()];
        _rescale = request.GuidanceRescale;
        Dictionary<Condition, float[]> terms = [];
        for (int frame = 0; frame < shape.Frames; frame++)
        {
            // Where the scale is an input of the network, the network does the guiding.
            float text = request.Denoiser.TimestepCondition is null ? request.TextGuidance : 1;
            float image = request.FirstFrameImageGuidance is { } first && shape.Frames > 1
                ? first + ((request.ImageGuidance - first) * frame / (shape.Frames - 1))
                : request.ImageGuidance;
            Add(new Condition(hasText, hasImage), text, frame);
            Add(new Condition(false, hasImage), image - text, frame);
            Add(default, 1 - image, frame);
        }

        var kept = terms.Where(term => term.Value.Any(weight => weight != 0)).ToArray();
        Conditions = [.. kept.Select(term => term.Key)];
        _weights = [.. kept.Select(term => term.Value)];

        void Add(Condition condition, float weight, int frame)
        {
            if (!terms.TryGetValue(condition, out float[]? weights))
            {
                terms.Add(condition, weights = new float[shape.Frames]);
            }

            weights[frame] += weight;
        }
    }

    /// <summary>What to evaluate; the fully conditioned one first, where it counts at all.</summary>
    public IReadOnlyList<Condition> Conditions { get; }

    /// <summary>Whether the only evaluation is the prediction.</summary>
    public bool IsPlain => _weights is [{ } only] && only.All(weight => weight == 1);

    /// <summary>Adds an evaluation, times its weight, to the guided prediction (the first one replaces it).</summary>
    public void Add(int index, ReadOnlySpan<float> output, Span<float> guided)
    {
        float[] weights = _weights[index];
        if (Array.TrueForAll(weights, weight => weight == weights[0]))
        {
            AddBlock(index, output, weights[0], guided);
            return;
        }

        foreach (var (frame, offset, length) in _blocks)
        {
            AddBlock(index, output.Slice(offset, length), weights[frame], guided.Slice(offset, length));
        }
    }

    /// <summary>Pulls the guided prediction back towards the spread of the conditioned one.</summary>
    public void Rescale(ReadOnlySpan<float> conditioned, Span<float> guided)
    {
        if (_rescale != 0)
        {
            float factor = TensorPrimitives.StdDev(conditioned) / TensorPrimitives.StdDev(guided);
            TensorPrimitives.Multiply(guided, (_rescale * factor) + 1 - _rescale, guided);
        }
    }

    private static void AddBlock(int index, ReadOnlySpan<float> output, float weight, Span<float> guided)
    {
        if (index == 0)
        {
            TensorPrimitives.Multiply(output, weight, guided);
        }
        else
        {
            TensorPrimitives.MultiplyAdd(output, weight, guided, guided);
        }
    }
}
