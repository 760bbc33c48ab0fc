namespace Emu.Pipeline.Jobs;

/// <summary>What stands under an idempotency key: <c>idempotency/{owner}/{hash of key}</c>, created only if absent.</summary>
/// <param name="BodyHash">The request's hash, 64 hexadecimal digits.</param>
/// <param name="JobId">The job that it makes.</param>
public sealed record IdempotencyClaim(string BodyHash, string JobId);
