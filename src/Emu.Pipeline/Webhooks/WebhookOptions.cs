namespace Emu.Pipeline.Webhooks;

/// <summary>How webhooks are sent.</summary>
public sealed record WebhookOptions
{
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(20);
    private readonly int maximumEndpoints = 20;

    /// <summary>Whether http and addresses inside the private network are allowed. For development.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How long one attempt may take, from resolving the name to the answer's status; 1 to 60 s, 20 s by default.</summary>
    public TimeSpan Timeout
    {
        get => timeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(60));
            timeout = value;
        }
    }

    /// <summary>The most endpoints an owner may have; 20 by default.</summary>
    public int MaximumEndpoints
    {
        get => maximumEndpoints;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            maximumEndpoints = value;
        }
    }
}
