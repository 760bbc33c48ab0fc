namespace Emu.Diffusion.Tensors;

/// <summary>A safetensors file is malformed, or holds what is not read here; the message says where.</summary>
public sealed class SafetensorsException(string message, Exception? innerException = null) : Exception(message, innerException);
