using Emu.Diffusion.Noise;

namespace Emu.Diffusion.Tests.Noise;

public sealed class Philox4x32Tests
{
    // Random123, tests/kat_vectors, philox4x32 10.
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        {
            [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
            [0xffffffff, 0xffffffff],
            [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
        },
        {
            [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
            [0xa4093822, 0x299f31d0],
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Block_PublishedVector_GivesPublishedWords(uint[] counter, uint[] key, uint[] expected)
    {
        var (w0, w1, w2, w3) = Philox4x32.Block((counter[0], counter[1], counter[2], counter[3]), (key[0], key[1]));

        Assert.Equal(expected, new[] { w0, w1, w2, w3 });
    }
}
