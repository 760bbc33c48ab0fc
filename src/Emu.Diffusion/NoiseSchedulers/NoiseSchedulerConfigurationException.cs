namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>A noise scheduler's configuration cannot be read, or asks for something that no noise scheduler here does.</summary>
public sealed class NoiseSchedulerConfigurationException : FormatException
{
    /// <summary>Creates an exception that names the field and says what is accepted.</summary>
    public NoiseSchedulerConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that names the field and says what is accepted.</summary>
    public NoiseSchedulerConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
