namespace Emu.Pipeline.Jobs;

/// <summary>An idempotency key was used before, for another request.</summary>
public sealed class IdempotencyMismatchException() : Exception("This idempotency key was used before with another request. Use a new key, or send the first request again.");
