namespace Emu.Diffusion.Tensors;

/// <summary>The element types of safetensors files that are read and written here.</summary>
public enum SafetensorsElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16; read into float32.</summary>
    F16,

    /// <summary>Signed 64-bit integers.</summary>
    I64,
}
