using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Sessions;

/// <summary>Decides on the device and creates ONNX Runtime sessions for it.</summary>
internal sealed partial class SessionFactory
{
    private const string CudaProvider = "CUDAExecutionProvider";

    private readonly SessionCacheOptions _options;
    private readonly Lazy<(DeviceChoice Device, string? Reason)> _decision;

    static SessionFactory() => RuntimeTelemetry.Disable();

    public SessionFactory(SessionCacheOptions options)
    {
        _options = options;
        _decision = new(Decide);
        if (!options.KeepsWorkingMemory)
        {
            NativeHeap.ReturnLargeBlocks();
        }
    }

    public DeviceChoice Device => _decision.Value.Device;

    public string? DeviceReason => _decision.Value.Reason;

    public bool PrefersInt8 => _options.Precision == ComputePrecision.Auto && Device.Kind == DeviceKind.Cpu && Int8Instructions.ArePresent;

    public GraphSession Create(ModelGraph graph, CancellationToken cancellationToken)
    {
        var device = Device;
        graph = PrefersInt8 ? graph.Int8Variant ?? graph : graph;
        using var options = CreateOptions(device);
        using var registration = cancellationToken.UnsafeRegister(static options => ((SessionOptions)options!).SetLoadCancellationFlag(true), options);
        try
        {
            return new GraphSession(graph, new InferenceSession(graph.Path, options), device);
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Loading was cancelled.", exception, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelPackageException(graph.Path, $"ONNX Runtime cannot load the graph on {device}: {exception.Message}", exception);
        }
    }

    /// <summary>Whether this program's ONNX Runtime has CUDA, be there a GPU or not.</summary>
    public static bool IsBuiltWithCuda => OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider, StringComparer.Ordinal);

    private (DeviceChoice Device, string? Reason) Decide()
    {
        if (_options.Device.Kind == DeviceKind.Cpu)
        {
            return (DeviceChoice.Cpu, null);
        }

        DeviceChoice cuda = new(DeviceKind.Cuda, _options.Device.Index);
        string reason;
        Exception? cause = null;
        if (!IsBuiltWithCuda)
        {
            reason = $"this host's ONNX Runtime was built without CUDA (it has {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())})";
        }
        else
        {
            try
            {
                CreateOptions(cuda).Dispose();
                return (cuda, null);
            }
            catch (OnnxRuntimeException exception)
            {
                reason = $"CUDA does not start: {OriginOfMessage().Replace(exception.Message, string.Empty).Trim()}";
                cause = exception;
            }
        }

        return _options.Device.Kind == DeviceKind.Auto
            ? (DeviceChoice.Cpu, reason)
            : throw new DeviceUnavailableException($"The device {cuda} cannot be used: {reason}. Use cpu or auto instead.", cause);
    }

    // "[ErrorCode:Fail] /onnxruntime_src/…/provider_bridge_ort.cc:2043 onnxruntime::Provider& … [ONNXRuntimeError] : 1 : FAIL : "
    [GeneratedRegex(@"\A.*\[ONNXRuntimeError\] : \d+ : \w+ : ", RegexOptions.Singleline)]
    private static partial Regex OriginOfMessage();

    private SessionOptions CreateOptions(DeviceChoice device)
    {
        SessionOptions options = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = _options.Threads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = _options.KeepsWorkingMemory,
            EnableMemoryPattern = _options.KeepsWorkingMemory,
            // Warnings are about nodes placed on the CPU and the like; failures are thrown.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            DeterministicCompute.Enable(options);
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", _options.Spin ? "1" : "0");
            if (device.Kind == DeviceKind.Cuda)
            {
                using OrtCUDAProviderOptions cuda = new();
                cuda.UpdateOptions(new Dictionary<string, string>
                {
                    ["device_id"] = device.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    // Searching for the fastest convolution may choose another one each time, and with it other bits.
                    ["cudnn_conv_algo_search"] = "DEFAULT",
                    ["use_tf32"] = "0",
                    ["arena_extend_strategy"] = "kSameAsRequested",
                });
                options.AppendExecutionProvider_CUDA(cuda);
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}

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
