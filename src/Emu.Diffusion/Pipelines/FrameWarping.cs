using System.Numerics.Tensors;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Draws decoded frames anew out of the clip's first one: a graph of the package sees how each differs from it, moves the first
/// frame's pixels there, and keeps what is decoded only where moving cannot explain it. A small denoiser knows better where a thing
/// goes than how it looks when it is there; what is moved stays whole.
/// </summary>
/// <remarks>As in First Order Motion Model (arXiv 2003.00196), with a dense field. Each frame is made of itself and the first alone. Safe for concurrent use.</remarks>
public sealed class FrameWarping
{
    private readonly FrameWarpContract _contract;
    private readonly SessionCache _sessions;
    private readonly FloatTensor _strength = new([1]);

    /// <summary>Creates it; nothing is loaded yet.</summary>
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

    /// <summary>Makes frames of what the decoder gave.</summary>
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
