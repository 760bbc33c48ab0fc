using Emu.Diffusion.ChannelLayouts;
using Emu.Diffusion.Graphs;
using Emu.Diffusion.Guidance;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>The values of a denoiser's conditioning inputs for any batch of conditions.</summary>
internal sealed class DenoiserConditions(DenoiseRequest request, ModelDescription model)
{
    public DenoiseRequest Request { get; } = request;

    /// <summary>Every input but the sample and the timestep.</summary>
    public Dictionary<string, FloatTensor> Constants(IReadOnlyList<GuidanceCondition> conditions)
    {
        var contract = Request.Denoiser;
        Dictionary<string, FloatTensor> constants = new(StringComparer.Ordinal);
        Add(contract.Text, condition => TextFor(contract, condition).Hidden);
        Add(contract.TextMask, condition => TextFor(contract, condition).Mask);
        Add(contract.PooledText, condition => TextFor(contract, condition).Pooled
            ?? throw new ModelPackageException(contract.Graph.Path, $"{contract.PooledText} needs a pooled embedding, but no text encoder of the package is described to give one."));
        Add(contract.TimeIds, _ => Sizes());
        Add(contract.AddedTimeIds, _ => new FloatTensor([1, 3], new[] { Request.Motion.FramesPerSecond, Request.Motion.MotionBucket, Request.Motion.NoiseAugmentation }));
        Add(contract.TimestepCondition, _ => GuidanceEmbedding(contract));
        Add(contract.FirstFrameFeatures, condition => condition.Image ? Request.FirstFrameFeatures! : new FloatTensor(Request.FirstFrameFeatures!.Shape));
        return constants;

        void Add(GraphValue? input, Func<GuidanceCondition, FloatTensor> value)
        {
            if (input is not null)
            {
                constants.Add(input.Name, Stack([.. conditions.Select(value)]));
            }
        }
    }

    /// <summary>Writes the picture or the key frames, and their mask, into one entry of the input; zeros where there is none.</summary>
    public void WriteImage(DenoiserShape shape, GuidanceCondition condition, BoundTensor input, int entryOffset)
    {
        var entry = new float[shape.Plan.InputLength];
        if (condition.Image && Request.KeyFrames is { } keyFrames)
        {
            keyFrames.Segment.WriteConditions(shape.Plan, keyFrames.Clip.Span, entry);
        }
        else
        {
            shape.Plan.WritePicture(entry, condition.Image && Request.ImageLatents is { } picture ? picture.Span : default);
        }

        input.Write(entryOffset, entry);
    }

    private TextEmbedding TextFor(DenoiserContract contract, GuidanceCondition condition)
    {
        // Without a text encoder, the embedding is the picture's, and zeros where the picture is left out.
        if (model.Text.Count == 0)
        {
            var picture = Request.Text ?? throw new UnsupportedByModelException("image embedding", $"The model '{model.Name}' ({contract.Description.Graph}) is conditioned on an embedding of the picture, which is not computed here; the request must bring it.");
            return condition.Image ? picture : picture.ToZeros();
        }

        return (condition.Text ? Request.Text : null) ?? Request.UnconditionalPrompt
            ?? throw new ArgumentException("The request has no unconditional prompt, which its guidance, or the absence of a prompt, needs.", nameof(condition));
    }

    /// <summary>Original size, crop and target size: uncropped, at the size of the latents.</summary>
    private FloatTensor Sizes()
    {
        var (height, width) = Request.LatentSize is { } size ? (size.Height * model.LatentDownscale, size.Width * model.LatentDownscale) : (model.NativeSize, model.NativeSize);
        return new FloatTensor([1, 6], new float[] { height, width, 0, 0, height, width });
    }

    /// <summary>The guidance scale as a sinusoidal embedding (Luo et al., arXiv 2310.04378; diffusers' get_guidance_scale_embedding).</summary>
    private FloatTensor GuidanceEmbedding(DenoiserContract contract)
    {
        var width = contract.TimestepCondition!.FixedSize(1) ?? 256;
        FloatTensor embedding = new([1, width]);
        var half = width / 2;
        for (var index = 0; index < half; index++)
        {
            var angle = (Request.TextGuidance - 1) * 1000.0 * Math.Exp(-Math.Log(10000) * index / (half - 1));
            embedding.Span[index] = (float)Math.Sin(angle);
            embedding.Span[half + index] = (float)Math.Cos(angle);
        }

        return embedding;
    }

    private static FloatTensor Stack(FloatTensor[] parts)
    {
        FloatTensor stacked = new(parts[0].Shape.WithBatch(parts.Length));
        for (var index = 0; index < parts.Length; index++)
        {
            if (!parts[index].Shape.Equals(parts[0].Shape))
            {
                throw new ArgumentException($"Conditions of shapes {parts[0].Shape} and {parts[index].Shape} cannot be evaluated as one batch.", nameof(parts));
            }

            parts[index].Span.CopyTo(stacked.Slice(index, 1).Span);
        }

        return stacked;
    }
}

/// <summary>The shapes of a denoiser's input and output in its own axis order.</summary>
internal sealed class DenoiserShape
{
    public DenoiserShape(DenoiserContract denoiser, ModelDescription model, (int Height, int Width)? size)
    {
        Description = denoiser.Description;
        var (height, width) = Description.Motion is not null ? (1, 1) : size ?? (model.NativeSize / model.LatentDownscale, model.NativeSize / model.LatentDownscale);
        Plan = new InputPlan(Description.ToChannelLayout(model.LatentChannels), Description.IsVideo ? Description.Frames ?? model.Frames : 1, height, width);
        Latents = Output(1);
    }

    public DenoiserDescription Description { get; }

    /// <summary>Where everything lies in one sample's input and latents.</summary>
    public InputPlan Plan { get; }

    public int Height => Plan.Height;

    public int Width => Plan.Width;

    /// <summary>The shape of one sample's latents.</summary>
    public TensorShape Latents { get; }

    public TensorShape Input(int batch) => Shape(Plan.Layout.InputChannels, batch);

    public TensorShape Output(int batch) => Shape(Plan.Layout.LatentChannels, batch);

    private TensorShape Shape(int channels, int batch) => Plan.Layout.Axes switch
    {
        AxisOrder.BCHW => [batch, channels, Height, Width],
        AxisOrder.BFCHW => [batch, Plan.Frames, channels, Height, Width],
        _ => [batch, channels, Plan.Frames, Height, Width],
    };
}
