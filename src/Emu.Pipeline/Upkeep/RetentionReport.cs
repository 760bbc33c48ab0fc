namespace Emu.Pipeline.Upkeep;

/// <summary>What a round of retention did.</summary>
/// <param name="Expired">Ended jobs that were removed wholly.</param>
/// <param name="Tombstones">Tombstones that were removed.</param>
/// <param name="Orphans">Files that belonged to nobody.</param>
/// <param name="Claims">Idempotency claims whose job is not there.</param>
public sealed record RetentionReport(int Expired, int Tombstones, int Orphans, int Claims);
