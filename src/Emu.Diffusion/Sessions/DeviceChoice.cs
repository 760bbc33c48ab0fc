using System.Globalization;

namespace Emu.Diffusion.Sessions;

/// <summary>A device: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Index">Which GPU, from 0; 0 otherwise.</param>
public sealed record DeviceChoice(DeviceKind Kind, int Index = 0)
{
    /// <summary>CUDA if it works here, else the CPU.</summary>
    public static DeviceChoice Auto { get; } = new(DeviceKind.Auto);

    /// <summary>The CPU.</summary>
    public static DeviceChoice Cpu { get; } = new(DeviceKind.Cpu);

    /// <summary>Reads a device as a user writes it.</summary>
    /// <exception cref="FormatException">It is none of <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:n</c>.</exception>
    public static DeviceChoice Parse(string text) => TryParse(text, out var device)
        ? device
        : throw new FormatException($"'{text}' is no device; auto, cpu, cuda and cuda:n (n from 0) are accepted.");

    /// <summary>Reads a device as a user writes it.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DeviceChoice? device)
    {
        device = text?.ToLowerInvariant() switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => new(DeviceKind.Cuda),
            { } name when name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new(DeviceKind.Cuda, index),
            _ => null,
        };
        return device is not null;
    }

    /// <summary>The device as a user writes it.</summary>
    public override string ToString() => Kind == DeviceKind.Cuda ? $"cuda:{Index}" : Kind.ToString().ToLowerInvariant();
}

/// <summary>Where graphs are run.</summary>
public enum DeviceKind
{
    /// <summary>CUDA if it works here, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>The precision in which graphs with an int8 variant (<c>model_int8.onnx</c>) are computed.</summary>
public enum ComputePrecision
{
    /// <summary>The int8 variant on CPUs with int8 dot-product instructions, where it is about twice as fast; else <see cref="Full"/>.</summary>
    Auto,

    /// <summary>Always <c>model.onnx</c>.</summary>
    Full,
}

/// <summary>The device requested by name cannot be used here; the message says why and what can.</summary>
public sealed class DeviceUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
