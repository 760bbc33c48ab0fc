using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Sessions;

/// <summary>
/// Turns on ONNX Runtime's deterministic compute, which makes GPU kernels that would sum in any order keep one.
/// The managed binding does not wrap this function of the C API, so it is called through the API's table.
/// </summary>
internal static unsafe class DeterministicCompute
{
    /// <summary>The version of ONNX Runtime's C API that brought the function.</summary>
    private const uint ApiVersion = 17;

    // Places in OrtApi, which only ever grows at its end (onnxruntime_c_api.h).
    private const int GetErrorMessageIndex = 2;
    private const int ReleaseStatusIndex = 93;
    private const int SetDeterministicComputeIndex = 273;

    [StructLayout(LayoutKind.Sequential)]
    private struct ApiBase
    {
        public delegate* unmanaged<uint, nint*> GetApi;
        public nint GetVersionString;
    }

    public static void Enable(SessionOptions options)
    {
        // The binding's own loader finds the library once the environment exists.
        _ = OrtEnv.Instance();
        var api = OrtGetApiBase()->GetApi(ApiVersion);
        var added = false;
        options.DangerousAddRef(ref added);
        try
        {
            var set = (delegate* unmanaged<nint, byte, nint>)api[SetDeterministicComputeIndex];
            var status = set(options.DangerousGetHandle(), 1);
            if (status != 0)
            {
                var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)api[GetErrorMessageIndex])(status)) ?? "no message";
                ((delegate* unmanaged<nint, void>)api[ReleaseStatusIndex])(status);
                throw new InvalidOperationException($"ONNX Runtime refused deterministic compute: {message}");
            }
        }
        finally
        {
            options.DangerousRelease();
        }
    }

    [DllImport("onnxruntime", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern ApiBase* OrtGetApiBase();
}
