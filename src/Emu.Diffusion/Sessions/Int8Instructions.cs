using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Emu.Diffusion.Sessions;

/// <summary>
/// Whether this processor multiplies and adds four int8 at once into an int32. Without such instructions ONNX Runtime computes int8 graphs
/// hardly faster than float32 ones, and on x86 with sums that saturate at 16 bits.
/// </summary>
internal static class Int8Instructions
{
    // CPUID leaf 7 (Intel SDM, volume 2, table 3-8; the same on AMD): subleaf 0 ECX bit 11 is AVX512_VNNI, subleaf 1 EAX bit 4 is AVX-VNNI.
    private const int ExtendedFeatures = 7;
    private const int Avx512VnniBit = 1 << 11;
    private const int AvxVnniBit = 1 << 4;

    /// <summary>Whether it does, and the operating system keeps the registers that it takes.</summary>
    public static bool ArePresent { get; } = Dp.IsSupported || HasVnni();

    private static bool HasVnni()
    {
        if (!X86Base.IsSupported || !Avx2.IsSupported || X86Base.CpuId(0, 0).Eax < ExtendedFeatures)
        {
            return false;
        }

        var (subleaves, _, ecx, _) = X86Base.CpuId(ExtendedFeatures, 0);
        return (Avx512BW.VL.IsSupported && (ecx & Avx512VnniBit) != 0)
            || (subleaves >= 1 && (X86Base.CpuId(ExtendedFeatures, 1).Eax & AvxVnniBit) != 0);
    }
}
