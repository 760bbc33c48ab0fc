using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// The graphs around a denoiser whose latents are the motion of a loop: what it is to know of the first frame, and the flows that its
/// latents say. Frames are the first one warped by flows, as in Latent Flow Diffusion (arXiv 2303.13744). Safe for concurrent use.
/// </summary>
public sealed class MotionCodec
{
    private readonly ModelPackage _package;
    private readonly SessionCache _sessions;
    private readonly MotionContract _contract;

    /// <summary>Creates it; the graphs are loaded at first use.</summary>
    /// <param name="package">The package.</param>
    /// <param name="sessions">Loads graphs and keeps them; not owned.</param>
    /// <exception cref="UnsupportedByModelException">The package's clips are no motion.</exception>
    public MotionCodec(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _package = package;
        _sessions = sessions;
        _contract = package.Motion ?? throw new UnsupportedByModelException("motion", $"The model '{package.Description.Name}' makes no clips of motion.");
    }

    /// <summary>What the denoiser is to know of the first frame.</summary>
    /// <param name="picture"><c>[1, channels, native size, native size]</c>, −1 to 1, colours premultiplied where there is alpha.</param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <exception cref="ArgumentException">The picture has another shape.</exception>
    /// <exception cref="ModelPackageException">The graph fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FloatTensor Features(FloatTensor picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var model = _package.Description;
        TensorShape expected = [1, model.PictureChannels, model.NativeSize, model.NativeSize];
        if (!picture.Shape.Equals(expected))
        {
            throw new ArgumentException($"A picture of shape {picture.Shape} was given; {expected} was expected.", nameof(picture));
        }

        using var lease = _sessions.Acquire(_contract.FirstFrameGraph, cancellationToken);
        return lease.Session.Run([new(_contract.FirstFrame.Name, picture)], [_contract.Features.Name], cancellationToken)[0];
    }

    /// <summary>The flows of a loop.</summary>
    /// <param name="latents"><c>[frames, channels, 1, 1]</c>, as <see cref="DenoiseRun.GetFrames"/> gives them.</param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <returns><c>[frames, 2, cells, cells]</c>; see <see cref="MotionContract.Flows"/>.</returns>
    /// <exception cref="ArgumentException">The latents have another shape.</exception>
    /// <exception cref="ModelPackageException">The graph fails, or gives another shape.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FloatTensor DecodeFlows(FloatTensor latents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var model = _package.Description;
        TensorShape expected = [model.Frames, model.Video!.Motion!.Channels, 1, 1];
        if (!latents.Shape.Equals(expected))
        {
            throw new ArgumentException($"Latents of shape {latents.Shape} were given; {expected} was expected.", nameof(latents));
        }

        using var lease = _sessions.Acquire(_contract.DecoderGraph, cancellationToken);
        var flows = lease.Session.Run([new(_contract.Latents.Name, latents)], [_contract.Flows.Name], cancellationToken)[0];
        return flows.Shape is [int frames, 2, int down, int across] && frames == model.Frames && down == across && down >= 2
            ? flows
            : throw new ModelPackageException(_contract.DecoderGraph.Path, $"the graph made flows of shape {flows.Shape}; [{model.Frames}, 2, cells, cells] with at least 2 cells was expected.");
    }
}
