namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Builds noise schedulers by the name of their diffusers class or a short name.</summary>
public static class NoiseSchedulerFactory
{
    internal const string FlowMatchEulerClass = "FlowMatchEulerDiscreteScheduler";

    internal const string FlowNames = "flow-match-euler, dpm++-2m, unipc";

    private static readonly Entry[] Entries =
    [
        new("ddim", "DDIMScheduler", (configuration, steps) => new DdimNoiseScheduler(configuration, steps)),
        new("ddpm", "DDPMScheduler", (configuration, steps) => new DdpmNoiseScheduler(configuration, steps)),
        new("pndm", "PNDMScheduler", (configuration, steps) => new PndmNoiseScheduler(configuration, steps)),
        new("euler", "EulerDiscreteScheduler", (configuration, steps) => new EulerNoiseScheduler(configuration, steps)),
        new("euler-ancestral", "EulerAncestralDiscreteScheduler", (configuration, steps) => new EulerNoiseScheduler(configuration, steps, ancestral: true)),
        new("dpm++-2m", "DPMSolverMultistepScheduler", (configuration, steps) => new DpmSolverMultistepNoiseScheduler(configuration, steps)),
        new("unipc", "UniPCMultistepScheduler", (configuration, steps) => new UniPcNoiseScheduler(configuration, steps)),
        new("lcm", "LCMScheduler", (configuration, steps) => new LcmNoiseScheduler(configuration, steps)),
        new("flow-match-euler", FlowMatchEulerClass, (configuration, steps) => new FlowMatchEulerNoiseScheduler(configuration, steps)),
    ];

    /// <summary>The short names, for a command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Name)];

    /// <summary>Plans denoising steps.</summary>
    /// <param name="configuration">The model's configuration.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <param name="className">
    /// A diffusers class name or one of <see cref="Names"/>, in any case; null builds the class that the configuration names.
    /// </param>
    /// <exception cref="NoiseSchedulerConfigurationException">The class is unknown, or the configuration does not fit it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few or too many steps.</exception>
    public static INoiseScheduler Create(NoiseSchedulerConfiguration configuration, int steps, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = className ?? configuration.ClassName
            ?? throw new NoiseSchedulerConfigurationException($"'_class_name' is missing. Accepted: {Accepted()}.");
        var entry = Array.Find(Entries, entry => entry.Is(name))
            ?? throw new NoiseSchedulerConfigurationException($"'{name}' is not a known noise scheduler. Accepted: {Accepted()}.");
        return entry.Create(configuration, steps);
    }

    private static string Accepted() => string.Join(", ", Entries.Select(entry => $"{entry.Name} ({entry.ClassName})"));

    private sealed record Entry(string Name, string ClassName, Func<NoiseSchedulerConfiguration, int, INoiseScheduler> Create)
    {
        public bool Is(string name) =>
            string.Equals(name, Name, StringComparison.OrdinalIgnoreCase) || string.Equals(name, ClassName, StringComparison.OrdinalIgnoreCase);
    }
}
