namespace Emu.Diffusion.Sessions;

/// <summary>The device asked for by name cannot be used here; the message says why and what can.</summary>
public sealed class DeviceUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
