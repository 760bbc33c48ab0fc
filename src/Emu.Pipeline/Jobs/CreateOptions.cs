namespace Emu.Pipeline.Jobs;

/// <summary>How one job is created.</summary>
public sealed record CreateOptions
{
    /// <summary>The longest idempotency key, in characters.</summary>
    public const int MaximumKeyLength = 255;

    /// <summary>
    /// The client's idempotency key, if any: the same key and request give the first job again, for as long as that job is
    /// kept. 1 to <see cref="MaximumKeyLength"/> characters.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How many jobs the owner may have in flight, this one included; no limit if null.</summary>
    public int? MaximumInFlight { get; init; }
}
