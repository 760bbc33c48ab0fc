using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Emu.Diffusion.Sessions;

namespace Emu.Local.CommandLine;

/// <summary>Options and rules that several commands share.</summary>
internal static class CommandOptions
{
    /// <summary>A number within bounds; null if left out.</summary>
    public static Option<T?> Number<T>(string name, string helpName, string description, T minimum, T maximum)
        where T : struct, INumberBase<T>, IComparable<T> => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
                && value.CompareTo(minimum) >= 0 && value.CompareTo(maximum) <= 0)
            {
                return value;
            }

            var kind = typeof(T) == typeof(double) ? "number" : "whole number";
            result.AddError($"{name} was given '{text}'; a {kind} from {minimum} to {maximum} is accepted.");
            return null;
        },
    };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json(string description = "Print one JSON object on stdout, and nothing else there") => new("--json") { Description = description };

    /// <summary><c>--device</c>.</summary>
    public static Option<DeviceChoice> Device() => new("--device")
    {
        HelpName = "auto|cpu|cuda[:n]",
        Description = "Where models run",
        DefaultValueFactory = _ => DeviceChoice.Auto,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (DeviceChoice.TryParse(text, out var device))
            {
                return device;
            }

            result.AddError($"--device was given '{text}'; auto, cpu, cuda and cuda:n (n from 0) are accepted.");
            return DeviceChoice.Auto;
        },
    };

    /// <summary><c>--precision</c>.</summary>
    public static Option<ComputePrecision> Precision() => new("--precision")
    {
        HelpName = "auto|full",
        Description = "auto: int8 where the model has it and the processor is fast at it; full: float32 or as the model says",
        DefaultValueFactory = _ => ComputePrecision.Auto,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Array.Find(Enum.GetNames<ComputePrecision>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return Enum.Parse<ComputePrecision>(found);
            }

            result.AddError($"--precision was given '{text}'; auto and full are accepted.");
            return ComputePrecision.Auto;
        },
    };

    /// <summary>Where a command's result goes; stdout unless the caller redirects it.</summary>
    public static TextWriter Output(this ParseResult parsed) => parsed.InvocationConfiguration.Output;

    /// <summary>Where messages for people go; stderr unless the caller redirects them.</summary>
    public static TextWriter Errors(this ParseResult parsed) => parsed.InvocationConfiguration.Error;
}
