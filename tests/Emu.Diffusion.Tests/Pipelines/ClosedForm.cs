using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>The result of a <see cref="MiniDenoiser"/>, computed without a graph.</summary>
internal static class ClosedForm
{
    /// <summary>A run by loops: each term is (conditioned on the text, on the picture, weight); a weight of NaN stands for the frame's own image scale s, or 1 − s without the picture.</summary>
    public static FloatTensor Run(ModelPackage package, DenoiseRequest request, MiniDenoiser denoiser, (bool Text, bool Image, float Weight)[] terms, float extras = 0, Func<int, float>? frameScale = null)
    {
        var frames = denoiser.Axes.Length == 5 ? 3 : 1;
        var framesFirst = denoiser.Axes == "BFCHW";
        const int plane = 16;
        TensorShape shape = denoiser.Axes switch { "BCHW" => [1, 4, 4, 4], "BFCHW" => [1, frames, 4, 4, 4], _ => [1, 4, frames, 4, 4] };
        FloatTensor sample = new(shape);
        PhiloxNoise.Fill(sample.Span, request.Seed, request.Stage, 0, 0);
        var state = request.NoiseScheduler.CreateState(sample.Span.Length);
        for (var step = 0; step < request.NoiseScheduler.StepCount; step++)
        {
            var predicted = new float[sample.Span.Length];
            foreach (var (text, image, weight) in terms)
            {
                for (var index = 0; index < predicted.Length; index++)
                {
                    var block = index / plane;
                    var (output, frame) = framesFirst ? (block % 4, block / 4) : (block / frames, block % frames);
                    var scale = frameScale?.Invoke(frame) ?? 0;
                    var own = float.IsNaN(weight) ? (image ? scale : 1 - scale) : weight;
                    predicted[index] += own * Predict(sample, output, frame, index % plane, text, image, step);
                }
            }

            request.NoiseScheduler.Step(step, predicted, sample.Span, [], state);
        }

        return sample;

        float Predict(FloatTensor latents, int output, int frame, int pixel, bool text, bool image, int step)
        {
            var shown = image && (frame == 0 || package.Video!.Description.ImagePadding == "repeat");
            var sum = (request.NoiseScheduler.GetTimestep(step) / 1000) + extras;
            for (var channel = 0; channel < 4; channel++)
            {
                var place = framesFirst ? (frame * 4) + channel : (channel * frames) + frame;
                sum += denoiser.Weight(output, channel) * latents.Span[(place * plane) + pixel];
                sum += shown ? denoiser.Weight(output, 4 + channel) * request.ImageLatents!.Span[(channel * plane) + pixel] : 0;
            }

            sum += shown && denoiser.InputChannels == 9 ? denoiser.Weight(output, 8) : 0;
            var embedding = text ? request.Text : request.UnconditionalPrompt;
            return sum + (embedding is null ? 0 : embedding.Hidden.Span.ToArray().Average());
        }
    }
}
