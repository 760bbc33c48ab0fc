using System.Runtime.InteropServices;

namespace Emu.Diffusion.Sessions;

/// <summary>
/// Keeps ONNX Runtime's own telemetry off. Official builds from 1.29 on send events to Microsoft and leave a file <c>.ses</c> in
/// the temporary folder, unless <c>ORT_DISABLE_TELEMETRY</c> is set before the library starts.
/// </summary>
internal static class RuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the variable unless the user has. Has to come before the first use of ONNX Runtime.</summary>
    public static void Disable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
        {
            // On Unix .NET keeps an environment of its own, which native code does not see.
            _ = SetNativeVariable("ORT_DISABLE_TELEMETRY\0"u8.ToArray(), "1\0"u8.ToArray(), 0);
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetNativeVariable(byte[] name, byte[] value, int overwrite);
}
