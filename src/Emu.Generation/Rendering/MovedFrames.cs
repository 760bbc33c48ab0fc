using System.Numerics.Tensors;
using Emu.Diffusion.Tensors;
using Emu.Generation.Motion;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Warping;

namespace Emu.Generation.Rendering;

/// <summary>
/// Makes a clip's frames of its first one, at their final size: enlarged once, then warped for every tick by the loop's flow, the
/// motions and the camera that were asked for, in one step. Safe for concurrent use.
/// </summary>
public sealed class MovedFrames
{
    private const float ShareOfPhotograph = 0.012f;     // largest displacement in a photograph, in parts of the picture

    private readonly Picture _picture;
    private readonly FloatTensor _flows;
    private readonly float _amount;
    private readonly bool _isStill;
    private readonly LoopMotion _motion;

    /// <summary>Prepares the frames.</summary>
    /// <param name="first">The first frame, at its own size.</param>
    /// <param name="flows">The loop's flows at every tick, <c>[ticks, 2, cells, cells]</c> (<see cref="LoopFlows.ToTicks"/>).</param>
    /// <param name="requested">What was asked for.</param>
    /// <param name="width">Width of the frames in pixels.</param>
    /// <param name="height">Height of the frames in pixels.</param>
    public MovedFrames(Picture first, FloatTensor flows, RequestedMotion requested, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(requested);
        _flows = flows;
        _isStill = requested.IsStill;
        _picture = first.Resized(width, height);
        var planes = PlanesOf(_picture);
        // The network knows stickers: a photograph that it would bend is moved by a camera instead, and little besides.
        var isPhotograph = !first.HasTransparency && Ground.Find(planes) is null;
        _amount = isPhotograph ? LoopFlows.FactorForShare(flows, ShareOfPhotograph) : 1;
        var camera = requested.IsCameraAskedFor || !isPhotograph || requested.Steps.Count > 0 ? requested.Camera : Camera.Gentle;
        _motion = new(requested.Steps, planes, camera, (double)width / first.Width, requested.Layout);
        IsMoving = !requested.IsStill || (requested.IsCameraAskedFor && camera is not null);
    }

    /// <summary>Whether any frame differs from the first.</summary>
    public bool IsMoving { get; }

    /// <inheritdoc cref="LoopMotion.MovesBoth"/>
    public bool MovesBoth => _motion.MovesBoth;

    /// <summary>Draws the frame at a tick.</summary>
    public Picture At(int tick)
    {
        if (!IsMoving)
        {
            return _picture;
        }

        var moved = _motion.Apply(_isStill ? null : Flow(tick), tick, _flows.Shape[0]);
        return PicturePlanes.FromPremultipliedPlanes(moved.Span, _picture.Width, _picture.Height);
    }

    /// <summary>A picture <c>[1, 4, height, width]</c>, −1 to 1, premultiplied.</summary>
    public static FloatTensor PlanesOf(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        FloatTensor planes = new([1, 4, picture.Height, picture.Width]);
        picture.CopyToPremultipliedPlanes(planes.Span);
        return planes;
    }

    private FlowField? Flow(int tick)
    {
        var flow = _flows.Slice(tick, 1).Span;
        if (!flow.ContainsAnyExcept(0f))
        {
            return null;
        }

        var scaled = new float[flow.Length];
        TensorPrimitives.Multiply(flow, _amount, scaled);
        return new(scaled, _flows.Shape[3], _picture.Width, _picture.Height);
    }
}
