namespace Emu.Pipeline.Upkeep;

/// <summary>What a sweep did.</summary>
/// <param name="InFlight">Jobs that had not ended when it began.</param>
/// <param name="Started">Records that had no instance and were started.</param>
/// <param name="Closed">Jobs whose instance had ended or been lost without ending them.</param>
/// <param name="Cancelled">Cancel flags passed on to the engine.</param>
/// <param name="Settled">Ended jobs whose end was only half done.</param>
/// <param name="Cleared">In-flight entries without a record, abandoned in the middle of a creation.</param>
public sealed record SweepReport(int InFlight, int Started, int Closed, int Cancelled, int Settled, int Cleared);
