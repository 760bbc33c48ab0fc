using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Durable.Abstractions;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Stages;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Generation.Stages;

/// <summary>Translates exceptions of models, pictures and edits to failures of a stage: the code, and whether another attempt may help.</summary>
internal static class ModelFailures
{
    /// <summary>The failure that an exception stands for; null if it is none of those known here.</summary>
    public static ActivityFailedException? From(Exception exception) => exception switch
    {
        UnsupportedByModelException or NoiseSchedulerConfigurationException or InvalidPictureException => Failed(FailureCodes.InvalidInput, exception, isRetryable: false),
        ModelPackageException { InnerException: OnnxRuntimeException runtime } => FromRuntime(exception, runtime),
        OnnxRuntimeException runtime => FromRuntime(exception, runtime),
        ModelPackageException or DeviceUnavailableException => Failed(FailureCodes.ModelUnavailable, exception, isRetryable: false),
        CheckpointException or SafetensorsException => Failed(FailureCodes.MissingInput, exception, isRetryable: false),
        EditException or InstructionException => Failed(FailureCodes.InvalidInput, exception, isRetryable: false),
        SubjectModelMissingException => Failed(FailureCodes.ModelUnavailable, exception, isRetryable: false),
        FfmpegMissingException => Failed(FailureCodes.Unsupported, exception, isRetryable: false),
        _ => null,
    };

    // ONNX Runtime distinguishes kinds of failure only by their message.
    private static ActivityFailedException FromRuntime(Exception exception, OnnxRuntimeException runtime) => runtime.Message switch
    {
        var message when message.Contains("Failed to allocate memory", StringComparison.OrdinalIgnoreCase)
            || message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) => Failed(FailureCodes.OutOfMemory, exception, isRetryable: true),
        var message when message.Contains("CUDA", StringComparison.Ordinal)
            || message.Contains("CUDNN", StringComparison.Ordinal) => Failed(FailureCodes.DeviceLost, exception, isRetryable: true),
        _ => Failed(FailureCodes.ModelUnavailable, exception, isRetryable: false),
    };

    private static ActivityFailedException Failed(string code, Exception exception, bool isRetryable) => new(new ActivityFailure(code, exception.Message, isRetryable), exception);
}
