namespace Emu.Local.Jobs;

/// <summary>What a finished command made: what <c>--json</c> prints.</summary>
/// <param name="Outputs">The files written.</param>
/// <param name="Prompt">The prompt; empty if only a picture was given.</param>
/// <param name="Seed">The seed; the same one gives the same result.</param>
/// <param name="Model">Name and version of the model package.</param>
/// <param name="Device">Where it ran: <c>cpu</c> or <c>cuda:n</c>.</param>
/// <param name="Precision"><c>int8</c> if layers were computed so, else <c>full</c>.</param>
/// <param name="Seconds">Seconds by stage, and <c>total</c>.</param>
/// <param name="Warnings">What the user should know.</param>
/// <param name="Kept">The folder with every stage's artifacts, if they were kept.</param>
internal sealed record JobResult(
    IReadOnlyList<JobOutput> Outputs,
    string Prompt,
    long Seed,
    string Model,
    string Device,
    string Precision,
    IReadOnlyDictionary<string, double> Seconds,
    IReadOnlyList<string> Warnings,
    string? Kept);
