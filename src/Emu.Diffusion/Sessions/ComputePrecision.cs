namespace Emu.Diffusion.Sessions;

/// <summary>In which numbers graphs are computed where a package leaves the choice: where a graph has a twin in int8 beside it (<c>model_int8.onnx</c>).</summary>
public enum ComputePrecision
{
    /// <summary>int8 on CPUs with instructions for it, which is about twice as fast; else <see cref="Full"/>.</summary>
    Auto,

    /// <summary>As <c>model.onnx</c> says, everywhere.</summary>
    Full,
}
