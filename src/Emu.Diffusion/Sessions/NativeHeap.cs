using System.Runtime.InteropServices;

namespace Emu.Diffusion.Sessions;

/// <summary>The C library's heap, from which ONNX Runtime and codecs take their memory.</summary>
internal static class NativeHeap
{
    private const int MmapThreshold = -3;         // M_MMAP_THRESHOLD, malloc.h
    private const int LargeBytes = 4 << 20;

    /// <summary>
    /// Lets every block of 4 MiB and more go back to the system as soon as it is freed. glibc otherwise raises that size to 32 MiB by itself, keeps
    /// what is freed, and fragments it: up to 800 MB more for an edit of 50 megapixels. Does nothing with other C libraries.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            _ = SetOption(MmapThreshold, LargeBytes);
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
}
