using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Sessions;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary>The options that <c>generate</c> and <c>image</c> share.</summary>
internal sealed class GenerationOptions
{
    /// <summary>More is never meant.</summary>
    internal const double MaximumGuidance = 100;

    private const int MaximumSteps = 1000;

    // The largest whole number that every JSON reader gives back as it was.
    private const long MaximumSeed = JobFields.MaximumSeed;

    /// <summary>Where results go; each file's extension names its format.</summary>
    public Option<string[]> Out { get; } = new("--out", "-o") { HelpName = "FILE", Description = "Where the result goes", Arity = ArgumentArity.OneOrMore };

    /// <summary>What the noise is made from.</summary>
    public Option<long?> Seed { get; } = Number<long>("--seed", "N", "The same command and seed give the same result. Default: random, and printed", 0, MaximumSeed);

    /// <summary>Denoising steps.</summary>
    public Option<int?> Steps { get; } = Number("--steps", "N", "Denoising steps of each stage. Default: the model's", 1, MaximumSteps);

    /// <summary>Text guidance.</summary>
    public Option<double?> Guidance { get; } = Number("--guidance", "SCALE", "How closely the text is followed; 1 is no guidance. Default: the model's", 0, MaximumGuidance);

    /// <summary>Which noise scheduler.</summary>
    public Option<string?> NoiseScheduler { get; } = new("--noise-scheduler")
    {
        HelpName = "NAME",
        Description = $"How steps are taken: {string.Join(", ", NoiseSchedulerFactory.Names)}. Default: the model's",
    };

    /// <summary>Side of the result in pixels.</summary>
    public Option<int?> Size { get; } = Number("--size", "128|256|512", "Width and height in pixels. Default: 512", 1, 65536);

    /// <summary>The model package.</summary>
    public Option<string?> Model { get; } = new("--model") { HelpName = "DIR", Description = "A model package's folder, or the name of one that 'emu models list' shows. Default: sticker" };

    /// <summary>Where graphs run.</summary>
    public Option<DeviceChoice> Device { get; } = CreateDevice();

    /// <summary>In which numbers graphs are computed.</summary>
    public Option<ComputePrecision> Precision { get; } = CreatePrecision();

    /// <summary>Keep alpha.</summary>
    public Option<bool> Transparent { get; } = new("--transparent") { Description = "Keep transparency where the format can; else the ground is white" };

    /// <summary>Where to leave every stage's artifact.</summary>
    public Option<string?> Keep { get; } = new("--keep") { HelpName = "DIR", Description = "Leave every stage's artifacts (latents, keyframe, frames) in this folder" };

    /// <summary>One JSON object as the result.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object about the result on stdout, and nothing else there" };

    /// <summary>Every option, in the order that help shows.</summary>
    public IEnumerable<Option> All => [Out, Seed, Steps, Guidance, NoiseScheduler, Size, Transparent, Model, Device, Precision, Keep, Json];

    /// <summary>Reads the shared options and checks what can be checked without a model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="kind">A video or a picture.</param>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public GenerationOrder Read(ParseResult parsed, JobKind kind, string prompt)
    {
        // 32 bits are easy to type again.
        var seed = parsed.GetValue(Seed) ?? Random.Shared.NextInt64(1L << 32);
        var outputs = parsed.GetValue(Out) is { Length: > 0 } paths ? paths : [OutputPath.Default(prompt, seed, kind == JobKind.Video ? ".mp4" : ".png")];
        var scheduler = parsed.GetValue(NoiseScheduler);
        if (scheduler is not null && !NoiseSchedulerFactory.Names.Contains(scheduler, StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException($"--noise-scheduler '{scheduler}' is not known; {string.Join(", ", NoiseSchedulerFactory.Names)} are accepted.");
        }

        return new()
        {
            Kind = kind,
            Prompt = prompt,
            Outputs = [.. outputs.Select(path => OutputPath.Check(kind, path)).Distinct()],
            Seed = seed,
            Steps = parsed.GetValue(Steps),
            Guidance = parsed.GetValue(Guidance),
            NoiseScheduler = scheduler,
            Size = parsed.GetValue(Size),
            Transparent = parsed.GetValue(Transparent),
            Model = ModelLocator.Find(parsed.GetValue(Model)),
            Device = parsed.GetValue(Device)!,
            Precision = parsed.GetValue(Precision),
            Keep = parsed.GetValue(Keep) is { } folder ? Path.GetFullPath(folder) : null,
        };
    }

    /// <summary>A number within a range, or a message that says what is accepted.</summary>
    internal static Option<T?> Number<T>(string name, string helpName, string description, T minimum, T maximum)
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

    /// <summary><c>--device</c>.</summary>
    internal static Option<DeviceChoice> CreateDevice() => new("--device")
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
    internal static Option<ComputePrecision> CreatePrecision() => new("--precision")
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
}
