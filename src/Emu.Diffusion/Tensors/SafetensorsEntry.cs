namespace Emu.Diffusion.Tensors;

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="ElementType">The element type in the file.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where its bytes end.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsElementType ElementType, TensorShape Shape, long Begin, long End);
