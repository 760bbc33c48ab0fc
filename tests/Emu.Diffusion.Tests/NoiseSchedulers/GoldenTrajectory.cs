using System.Text.Json;
using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

/// <summary>A trajectory that diffusers computed; see the README beside the files.</summary>
public sealed class GoldenTrajectory
{
    private GoldenTrajectory(string name, JsonElement root)
    {
        Name = name;
        ClassName = root.GetProperty("scheduler").GetString()!;
        Configuration = NoiseSchedulerConfiguration.Parse(root.GetProperty("config").GetRawText());
        Steps = root.GetProperty("num_inference_steps").GetInt32();
        InitialNoiseScale = root.GetProperty("init_noise_sigma").GetSingle();
        Timesteps = Floats(root.GetProperty("timesteps"));
        Noise = Floats(root.GetProperty("noise"));
        States = [.. root.GetProperty("states").EnumerateArray().Select(Floats)];
        StepNoise = [.. root.GetProperty("step_noise").EnumerateArray().Select(Floats)];
        AddNoise = root.GetProperty("add_noise") is { ValueKind: JsonValueKind.Object } value
            ? (value.GetProperty("timestep").GetSingle(), Floats(value.GetProperty("clean")), Floats(value.GetProperty("result")))
            : null;
    }

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public string Name { get; }

    public string ClassName { get; }

    public NoiseSchedulerConfiguration Configuration { get; }

    public int Steps { get; }

    public float InitialNoiseScale { get; }

    public float[] Timesteps { get; }

    public float[] Noise { get; }

    public float[][] States { get; }

    public float[][] StepNoise { get; }

    public (float Timestep, float[] Clean, float[] Result)? AddNoise { get; }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Goldens", "schedulers");

    public static GoldenTrajectory Load(string name)
    {
        // Python's infinity is not JSON; 1e999 reads as infinity.
        var text = File.ReadAllText(Path.Combine(Folder, name + ".json")).Replace("-Infinity", "-1e999", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);
        return new GoldenTrajectory(name, document.RootElement);
    }

    public INoiseScheduler CreateScheduler() => NoiseSchedulerFactory.Create(Configuration with { ClassName = ClassName }, Steps);

    /// <summary>The first sample: noise at the scheduler's own scale.</summary>
    public float[] StartingSample(INoiseScheduler scheduler) => [.. Noise.Select(value => value * scheduler.InitialNoiseScale)];

    /// <summary>One step with the closed-form network of the README.</summary>
    public void Step(INoiseScheduler scheduler, int step, float[] sample, NoiseSchedulerState state)
    {
        var timestep = scheduler.GetTimestep(step);
        var scale = scheduler.GetModelInputScale(step);
        var output = Array.ConvertAll(sample, value =>
        {
            var x = value * scale;
            return (0.6f * MathF.Sin((1.3f * x) + (timestep / 400))) + (0.2f * x);
        });
        scheduler.Step(step, output, sample, scheduler.DrawsNoise(step) ? StepNoise[step] : [], state);
    }

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().SelectMany(
        item => item.ValueKind == JsonValueKind.Array ? Floats(item) : [item.GetSingle()])];
}
