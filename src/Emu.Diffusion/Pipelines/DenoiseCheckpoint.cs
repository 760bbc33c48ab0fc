using System.Globalization;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>The content of a checkpoint: sample, step and the noise scheduler's own state, with what the request must agree on.</summary>
internal sealed class DenoiseCheckpoint
{
    private const string Format = "emu-denoise-1";
    public const string SampleName = "sample";
    private const string StatePrefix = "state.";
    private const string CounterPrefix = "counter.";

    private readonly Dictionary<string, float[]> _tensors;
    private readonly Dictionary<string, long> _counters;

    private DenoiseCheckpoint(int step, FloatTensor sample, Dictionary<string, float[]> tensors, Dictionary<string, long> counters)
    {
        Step = step;
        Sample = sample;
        _tensors = tensors;
        _counters = counters;
    }

    public int Step { get; }

    public FloatTensor Sample { get; }

    public static SafetensorsWriter Write(DenoiseRequest request, int step, FloatTensor sample, NoiseSchedulerState state)
    {
        SafetensorsWriter writer = new();
        writer.Add(SampleName, sample);
        foreach (var (name, tensor) in state.Tensors)
        {
            // Copied, so that the run may go on while the file is written.
            writer.Add(StatePrefix + name, new FloatTensor([tensor.Length], (float[])tensor.Clone()));
        }

        foreach (var (name, value) in state.Counters)
        {
            writer.Metadata[CounterPrefix + name] = value.ToString(CultureInfo.InvariantCulture);
        }

        writer.Metadata["step"] = step.ToString(CultureInfo.InvariantCulture);
        WriteIdentity(writer, request);
        return writer;
    }

    public static async Task<SafetensorsFile> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await SafetensorsFile.ReadAsync(stream, cancellationToken: cancellationToken);
        }
        catch (SafetensorsException exception)
        {
            throw Unreadable(exception);
        }
    }

    public static DenoiseCheckpoint Read(SafetensorsFile file, DenoiseRequest request, TensorShape shape, NoiseSchedulerState like)
    {
        try
        {
            RequireIdentity(file, request);
            var sample = file.GetFloats(SampleName);
            var step = (int)ReadNumber(file, "step");
            return sample.Shape.Equals(shape) && step >= 0 && step <= request.NoiseScheduler.StepCount
                ? new DenoiseCheckpoint(step, sample, ReadTensors(file, like), ReadCounters(file))
                : throw new CheckpointException($"The checkpoint holds a sample of shape {sample.Shape} after step {step}; {shape} and at most {request.NoiseScheduler.StepCount} steps were expected.");
        }
        catch (SafetensorsException exception)
        {
            throw Unreadable(exception);
        }
    }

    public static void WriteIdentity(SafetensorsWriter writer, DenoiseRequest request)
    {
        foreach (var (key, value) in Identity(request))
        {
            writer.Metadata[key] = value;
        }
    }

    public static void RequireIdentity(SafetensorsFile file, DenoiseRequest request)
    {
        foreach (var (key, expected) in Identity(request))
        {
            var actual = file.Metadata.GetValueOrDefault(key, "nothing");
            if (actual != expected)
            {
                throw new CheckpointException($"The checkpoint belongs to another run: its {key} is '{actual}', '{expected}' was expected.");
            }
        }
    }

    public static CheckpointException Unreadable(SafetensorsException exception) => new($"The checkpoint cannot be read: {exception.Message}", exception);

    public void CopyStateTo(NoiseSchedulerState state)
    {
        foreach (var (name, tensor) in _tensors)
        {
            tensor.CopyTo(state.Tensors[name], 0);
        }

        state.Counters.Clear();
        foreach (var (name, value) in _counters)
        {
            state.Counters[name] = value;
        }
    }

    private static Dictionary<string, string> Identity(DenoiseRequest request) => new(StringComparer.Ordinal)
    {
        ["format"] = Format,
        ["input_hash"] = request.InputHash,
        ["noise_scheduler"] = request.NoiseScheduler.GetType().Name,
        ["sample_number"] = request.Sample.ToString(CultureInfo.InvariantCulture),
        ["seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
        ["stage"] = request.Stage.ToString(),
        ["steps"] = request.NoiseScheduler.StepCount.ToString(CultureInfo.InvariantCulture),
    };

    private static Dictionary<string, float[]> ReadTensors(SafetensorsFile file, NoiseSchedulerState like)
    {
        Dictionary<string, float[]> tensors = new(StringComparer.Ordinal);
        foreach (var (name, tensor) in like.Tensors)
        {
            var stored = file.GetFloats(StatePrefix + name);
            tensors.Add(name, stored.Span.Length == tensor.Length
                ? stored.Span.ToArray()
                : throw new CheckpointException($"The checkpoint's {StatePrefix}{name} has {stored.Span.Length} elements; {tensor.Length} were expected."));
        }

        return tensors;
    }

    private static Dictionary<string, long> ReadCounters(SafetensorsFile file) => file.Metadata.Keys
        .Where(key => key.StartsWith(CounterPrefix, StringComparison.Ordinal))
        .ToDictionary(key => key[CounterPrefix.Length..], key => ReadNumber(file, key));

    private static long ReadNumber(SafetensorsFile file, string key)
        => long.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CheckpointException($"The checkpoint's {key} is no whole number.");
}

/// <summary>A checkpoint is malformed or belongs to another run; the message says what differs.</summary>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
