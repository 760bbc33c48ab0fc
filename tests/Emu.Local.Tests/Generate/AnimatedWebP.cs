using System.Buffers.Binary;
using System.Text;

namespace Emu.Local.Tests.Generate;

/// <summary>Reads an animated WebP's loop count and the sum of its frames' times (ffprobe cannot).</summary>
internal static class AnimatedWebP
{
    public static (int Loops, int Milliseconds) Read(ReadOnlySpan<byte> file)
    {
        var (loops, milliseconds) = (-1, 0);
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            var content = file.Slice(at + 8, length);
            switch (Encoding.ASCII.GetString(file.Slice(at, 4)))
            {
                case "ANIM":
                    loops = BinaryPrimitives.ReadUInt16LittleEndian(content[4..]);
                    break;
                case "ANMF":
                    milliseconds += content[12] | (content[13] << 8) | (content[14] << 16);
                    break;
            }

            at += 8 + length + (length & 1);
        }

        return (loops, milliseconds);
    }
}
