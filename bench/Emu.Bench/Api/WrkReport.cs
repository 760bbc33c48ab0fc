namespace Emu.Bench.Api;

/// <summary>What wrk measured.</summary>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="MedianMilliseconds">Half of the answers came within this.</param>
/// <param name="SlowestMilliseconds">99 of 100 answers came within this.</param>
/// <param name="Failed">Answers that were errors, and connections that broke.</param>
internal sealed record WrkReport(double RequestsPerSecond, double MedianMilliseconds, double SlowestMilliseconds, int Failed);
