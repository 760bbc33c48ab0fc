using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Warps the clip's first frame along a dense motion field: a network of the package estimates, for each decoded frame, where in the
/// first frame each pixel comes from and how reliable that is; the warped first frame replaces the decoded one where it is reliable.
/// A small denoiser predicts motion better than appearance, so warped objects keep their shape.
/// </summary>
/// <remarks>As in First Order Motion Model (arXiv 2003.00196), with a dense field. Each frame depends on itself and the first one alone. Safe for concurrent use.</remarks>
public sealed class FrameWarping
{
    private readonly FrameWarpContract _contract;
    private readonly SessionCache _sessions;
    private readonly FloatTensor _strength = new([1]);

    /// <summary>Creates the warping; the graph is loaded at first use.</summary>
    /// <param name="contract">The graph.</param>
    /// <param name="sessions">Loads graphs and keeps them; not owned.</param>
    public FrameWarping(FrameWarpContract contract, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(sessions);
        _contract = contract;
        _sessions = sessions;
        _strength.Span[0] = contract.Strength;
    }

    /// <summary>Warps the first frame to each of the decoded ones.</summary>
    /// <param name="first">The clip's first frame as the decoder gives it: <c>[1, channels, height, width]</c>, about −1 to 1.</param>
    /// <param name="frames">Some of its frames: <c>[frames, channels, height, width]</c>, about −1 to 1.</param>
    /// <param name="cancellationToken">Cancels within an operator or two.</param>
    /// <returns>As many frames, −1 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ModelPackageException">The graph does not take frames of this size, or fails.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FloatTensor Apply(FloatTensor first, FloatTensor frames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(frames);
        if (first.Shape is not [1, _, _, _] || !frames.Shape.WithBatch(1).Equals(first.Shape))
        {
            throw new ArgumentException($"Frames of shape {frames.Shape} and a first one of shape {first.Shape} were given; [frames, channels, height, width] and one of the same were expected.", nameof(frames));
        }

        GraphInput[] inputs = [new(_contract.Frames.Name, frames), new(_contract.FirstFrame.Name, first), new(_contract.StrengthInput.Name, _strength)];
        using var lease = _sessions.Acquire(_contract.Graph, cancellationToken);
        var made = lease.Session.Run(inputs, [_contract.Output.Name], cancellationToken)[0];
        if (!made.Shape.Equals(frames.Shape))
        {
            throw new ModelPackageException(_contract.Graph.Path, $"the graph made {made.Shape} of frames of shape {frames.Shape}; the same was expected.");
        }

        TensorPrimitives.Clamp(made.Span, -1, 1, made.Span);
        return made;
    }
}
