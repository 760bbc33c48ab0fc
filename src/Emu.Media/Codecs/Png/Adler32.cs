using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Emu.Media.Codecs.Png;

/// <summary>The checksum of zlib streams (RFC 1950, clause 8.2): the sum of the bytes and the sum of those sums, modulo 65,521.</summary>
/// <param name="Sum">1 and the bytes.</param>
/// <param name="Sums">The sums after each byte.</param>
internal readonly record struct Adler32(uint Sum, uint Sums)
{
    private const uint Modulus = 65_521;

    /// <summary>So many bytes add up in 32 bits before the remainder has to be taken (zlib's NMAX).</summary>
    private const int BlockBytes = 5_552;

    /// <summary>Of no bytes.</summary>
    public Adler32()
        : this(1, 0)
    {
    }

    /// <summary>Of some bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Adler32 Of(ReadOnlySpan<byte> bytes)
    {
        var (sum, sums) = (1u, 0u);
        for (var start = 0; start < bytes.Length; start += BlockBytes)
        {
            foreach (var value in bytes.Slice(start, Math.Min(BlockBytes, bytes.Length - start)))
            {
                sum += value;
                sums += sum;
            }
            (sum, sums) = (sum % Modulus, sums % Modulus);
        }
        return new(sum, sums);
    }

    /// <summary>Of these bytes and others behind them.</summary>
    /// <param name="next">The others'.</param>
    /// <param name="length">How many the others are.</param>
    public Adler32 Then(Adler32 next, int length)
    {
        // Each of the next sums would have begun with this sum instead of 1.
        var more = (ulong)(uint)(length % Modulus) * (Sum + Modulus - 1);
        return new((Sum + next.Sum + Modulus - 1) % Modulus, (uint)((Sums + next.Sums + more) % Modulus));
    }

    /// <summary>As a stream ends with it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (Sums << 16) | Sum);
        return bytes;
    }
}
