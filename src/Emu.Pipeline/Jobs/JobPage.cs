namespace Emu.Pipeline.Jobs;

/// <summary>A page of a listing.</summary>
/// <param name="Jobs">The jobs, in the order asked for.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record JobPage(IReadOnlyList<JobSnapshot> Jobs, bool HasMore);
