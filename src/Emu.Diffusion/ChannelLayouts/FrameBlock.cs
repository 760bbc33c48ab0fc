namespace Emu.Diffusion.ChannelLayouts;

/// <summary>A run of elements that belongs to one frame.</summary>
/// <param name="Frame">The frame, from 0.</param>
/// <param name="Offset">Where the run begins.</param>
/// <param name="Length">Its length.</param>
public readonly record struct FrameBlock(int Frame, int Offset, int Length);
