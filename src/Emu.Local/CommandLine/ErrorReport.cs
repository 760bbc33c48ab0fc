using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Sessions;
using Emu.Durable;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Versions;

namespace Emu.Local.CommandLine;

/// <summary>Turns an exception into a message for a person and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Describes an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="cancelled">Whether the user asked to stop: then an abandoned operation is no failure.</param>
    public static (int Code, string Message) Describe(Exception exception, bool cancelled) => exception switch
    {
        OperationCanceledException when cancelled => (ExitCode.Cancelled, "cancelled"),
        // The prompt is an argument, not an option.
        InvalidJobException { Parameter: { } parameter } when parameter != JobFields.Prompt.Name => (ExitCode.Usage, $"{OptionOf(parameter)}: {exception.Message.Replace(parameter, parameter.Replace('_', ' '), StringComparison.Ordinal)}"),
        InvalidJobException => (ExitCode.Usage, exception.Message),
        UsageException or UnsupportedByModelException => (ExitCode.Usage, exception.Message),
        NoiseSchedulerConfigurationException or DeviceUnavailableException => (ExitCode.Usage, exception.Message),
        ArgumentException { ParamName: "storage" } => (ExitCode.Usage, $"--storage: {exception.Message.Split(" (Parameter")[0]}"),
        CommandFailedException or ModelPackageException or FfmpegException or FfmpegMissingException
            or ArtifactStoreException or DurableEngineUnavailableException or StorageReserveException or ActivityFailedException
            or JobNotFoundException or JobConflictException => (ExitCode.Failure, exception.Message),
        // The store and the engine know their own folder only.
        FolderInUseException inUse => (ExitCode.Failure, DescribeInUse(inUse.Folder)),
        DurableDataInUseException inUse => (ExitCode.Failure, DescribeInUse(inUse.Folder)),
        ContainerInUseException or StoredDataVersionException or DurableDataVersionException => (ExitCode.Failure, exception.Message),
        IOException or UnauthorizedAccessException or InvalidDataException => (ExitCode.Failure, exception.Message),
        _ => (ExitCode.Failure, $"something went wrong that should not have. Please report this:{Environment.NewLine}{exception}"),
    };

    private static string OptionOf(string parameter) => JobFields.All.FirstOrDefault(field => field.Name == parameter) is { } field
        ? JobFieldOptions.NameOf(field)
        : "--" + parameter.Replace('_', '-');

    private static string DescribeInUse(string subfolder) =>
        $"The data folder '{Path.GetDirectoryName(subfolder)}' is in use by another process. Stop that one, or name another folder with --data.";
}

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The command was right and failed: a broken picture, a missing program, a full disk.</summary>
    public const int Failure = 1;

    /// <summary>The command itself is wrong: an unknown option, a value out of its range, something the model does not offer.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or a termination signal.</summary>
    public const int Cancelled = 130;
}

/// <summary>The command line asks for something that cannot be: the message says what was wrong and what is accepted.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>A command failed for a reason that its message tells in full; no stack trace helps.</summary>
public sealed class CommandFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
