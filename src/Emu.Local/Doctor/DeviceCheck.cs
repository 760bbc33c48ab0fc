using Emu.Diffusion.Sessions;

namespace Emu.Local.Doctor;

/// <summary>Which device <c>--device auto</c> becomes here, and why.</summary>
internal static class DeviceCheck
{
    /// <summary>Asks the ONNX Runtime.</summary>
    public static Finding Run()
    {
        using var sessions = new SessionCache(new SessionCacheOptions { Device = DeviceChoice.Auto });
        var reason = sessions.DeviceReason is { } text ? $" ({text})" : string.Empty;
        var int8 = sessions.PrefersInt8 ? ", int8 where a model has it" : string.Empty;
        return new("device", FindingState.Ok, $"{sessions.Device}{int8}{reason}");
    }
}
