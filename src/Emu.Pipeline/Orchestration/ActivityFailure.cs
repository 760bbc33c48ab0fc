namespace Emu.Pipeline.Orchestration;

/// <summary>A failure as data: only text crosses processes.</summary>
/// <param name="Code">A stable code in snake_case, for example <c>invalid_input</c>, <c>device_lost</c>, <c>cancelled</c>.</param>
/// <param name="Message">What went wrong, for a person; at most <see cref="MaximumMessageLength"/> characters.</param>
/// <param name="Retryable">Whether the same call may succeed later.</param>
public sealed record ActivityFailure(string Code, string Message, bool Retryable)
{
    /// <summary>Longer messages are cut: a message over 64 KB can hang an instance on Durable Task.</summary>
    public const int MaximumMessageLength = 4096;

    /// <summary>What went wrong, for a person.</summary>
    public string Message { get; } = Message.Length <= MaximumMessageLength ? Message : string.Concat(Message.AsSpan(0, MaximumMessageLength - 1), "…");
}
