using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>Refuses requests that a package was not trained for, by name.</summary>
internal static class DenoiseRequestValidator
{
    public static void Require(DenoiseRequest request, ModelDescription model, DenoiserShape shape)
    {
        var denoiser = request.Denoiser.Description;
        var embedded = request.Denoiser.TimestepCondition is not null;
        Unless(request.TextGuidance == 1 || embedded || denoiser.Guidance.Text, "text guidance", $"was not trained for text guidance; 1 is the only scale, {request.TextGuidance} was asked for");
        var imageGuided = request.ImageGuidance != 1 || (request.FirstFrameImageGuidance ?? 1) != 1;
        Unless(!imageGuided || denoiser.Guidance.Image, "image guidance", $"was not trained for image guidance; 1 is the only scale, {request.ImageGuidance} was asked for");
        Unless(request.ImageLatents is null || denoiser.TakesImage, "a picture", "takes no picture");
        Unless(request.ImageLatents is not null || !denoiser.TakesImage || denoiser.Guidance.Image, "no picture", "was never trained without a picture; one must be given");
        Unless(request.Text is null || request.Denoiser.Text is not null, "a prompt", "takes no prompt");
        if (request.ImageLatents is { } latents)
        {
            TensorShape expected = [1, model.LatentChannels, shape.Height, shape.Width];
            if (!latents.Shape.Equals(expected))
            {
                throw new ArgumentException($"The picture's latents have shape {latents.Shape}; {expected} was expected.", nameof(request));
            }
        }

        void Unless(bool supported, string feature, string problem)
        {
            if (!supported)
            {
                throw new UnsupportedByModelException(feature, $"The model '{model.Name}' ({denoiser.Graph}) {problem}.");
            }
        }
    }
}
