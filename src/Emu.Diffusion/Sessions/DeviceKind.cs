namespace Emu.Diffusion.Sessions;

/// <summary>Where graphs are run.</summary>
public enum DeviceKind
{
    /// <summary>CUDA if it works here, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
