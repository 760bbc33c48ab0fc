namespace Emu.Local.Doctor;

/// <summary>How a part of the installation is.</summary>
internal enum FindingState
{
    /// <summary>Present and usable.</summary>
    Ok,

    /// <summary>Absent, but only something optional needs it.</summary>
    Optional,

    /// <summary>Absent or broken, and needed.</summary>
    Missing,
}
