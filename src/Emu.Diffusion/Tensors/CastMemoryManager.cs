using System.Buffers;
using System.Runtime.InteropServices;

namespace Emu.Diffusion.Tensors;

/// <summary>The bytes of an array of numbers as memory, so that streams read and write tensors without a buffer between.</summary>
internal sealed class CastMemoryManager<T>(Memory<T> memory) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(memory.Span);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = memory.Pin();
        unsafe
        {
            return new MemoryHandle((byte*)handle.Pointer + elementIndex, default, new PinnedMemory(handle));
        }
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class PinnedMemory(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException("Already pinned.");

        public void Unpin() => handle.Dispose();
    }
}
