namespace Emu.Diffusion.Noise;

/// <summary>
/// The counter-based generator Philox4x32 with ten rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy
/// as 1, 2, 3", 2011). Every block of four words is a pure function of its counter and key, so any part of a stream can be
/// had without the parts before it.
/// </summary>
public static class Philox4x32
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four random words that belong to a counter and a key.</summary>
    /// <param name="counter">The counter's words, as in Random123's <c>philox4x32_ctr_t</c>.</param>
    /// <param name="key">The key's words, as in Random123's <c>philox4x32_key_t</c>.</param>
    public static (uint W0, uint W1, uint W2, uint W3) Block(
        (uint C0, uint C1, uint C2, uint C3) counter,
        (uint K0, uint K1) key)
    {
        var (c0, c1, c2, c3) = counter;
        var (k0, k1) = key;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ k0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ k1,
                (uint)product0);
            k0 = unchecked(k0 + Weyl0);
            k1 = unchecked(k1 + Weyl1);
        }

        return (c0, c1, c2, c3);
    }
}
