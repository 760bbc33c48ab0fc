using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>Turns pictures into latents: the mode of the autoencoder's distribution, shifted and scaled as the denoisers want it.</summary>
public sealed class PictureEncoder
{
    private readonly ModelPackage _package;
    private readonly PictureCodecContract _contract;
    private readonly SessionCache _sessions;

    /// <summary>Creates an encoder; nothing is loaded yet.</summary>
    /// <exception cref="UnsupportedByModelException">The package cannot encode pictures.</exception>
    public PictureEncoder(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _package = package;
        _sessions = sessions;
        _contract = package.Encoder
            ?? throw new UnsupportedByModelException("pictures", $"The model '{package.Description.Name}' has no vae_encoder; it takes no picture.");
    }

    /// <summary>Encodes pictures, one after another.</summary>
    /// <param name="pictures">
    /// Pictures <c>[n, channels, height, width]</c>, −1 to 1: red, green, blue, and where the package has alpha, colours premultiplied
    /// by it (transparent is −1 in all four).
    /// </param>
    /// <param name="scale">Whether to shift and scale, as every latent but InstructPix2Pix's conditions is.</param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <returns>Latents <c>[n, latent channels, height / downscale, width / downscale]</c>.</returns>
    /// <exception cref="ArgumentException">The pictures have other channels, or sides that are no multiple of the downscale.</exception>
    /// <exception cref="ModelPackageException">The graph does not take pictures of this size, or fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FloatTensor Encode(FloatTensor pictures, bool scale = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var model = _package.Description;
        if (pictures.Shape is not [int count, int channels, int height, int width]
            || channels != model.PictureChannels || height % model.LatentDownscale != 0 || width % model.LatentDownscale != 0)
        {
            throw new ArgumentException($"Pictures of shape {pictures.Shape} were given; [n, {model.PictureChannels}, height, width] with sides that are multiples of {model.LatentDownscale} was expected.", nameof(pictures));
        }

        FloatTensor latents = new([count, model.LatentChannels, height / model.LatentDownscale, width / model.LatentDownscale]);
        using var lease = _sessions.Acquire(_contract.Graph, cancellationToken);
        for (var index = 0; index < count; index++)
        {
            GraphInput input = new(_contract.Input.Name, pictures.Slice(index, 1));
            var output = lease.Session.Run([input], [_contract.Output.Name], cancellationToken)[0];
            var destination = latents.Slice(index, 1).Span;
            var expected = _contract.IsDistribution ? 2 * destination.Length : destination.Length;
            if (output.Shape.ElementCount != expected)
            {
                throw new ModelPackageException(_contract.Graph.Path, $"the graph gave latents of shape {output.Shape}; {latents.Shape.WithBatch(1)}{(_contract.IsDistribution ? " twice" : "")} was expected.");
            }

            // The mean stands before the log-variance, so the mode of the distribution is the first half.
            output.Span[..destination.Length].CopyTo(destination);
        }

        if (scale)
        {
            TensorPrimitives.Subtract(latents.Span, model.ShiftFactor, latents.Span);
            TensorPrimitives.Multiply(latents.Span, model.ScalingFactor, latents.Span);
        }

        return latents;
    }
}
