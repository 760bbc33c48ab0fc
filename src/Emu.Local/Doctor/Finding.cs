namespace Emu.Local.Doctor;

/// <summary>What <c>emu doctor</c> found out about one part of the installation.</summary>
/// <param name="Name">The part: ffmpeg, device, model.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What is there, or what is wrong.</param>
/// <param name="Mend">The command to type, or what to do, if something is wrong.</param>
internal sealed record Finding(string Name, FindingState State, string Detail, string? Mend = null);
