using Emu.Pipeline.Stages;

namespace Emu.Local.Hosting;

/// <summary>A stage as a host runs it.</summary>
/// <param name="Stage">What it does.</param>
/// <param name="Group">The engine's group it counts in: <see cref="JobHost.ModelGroup"/> or <see cref="JobHost.MediaGroup"/>.</param>
public sealed record HostedStage(IStage Stage, string Group);
