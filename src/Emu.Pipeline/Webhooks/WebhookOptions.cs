namespace Emu.Pipeline.Webhooks;

/// <summary>How webhooks are sent.</summary>
public sealed record WebhookOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(20);
    private readonly int _maximumEndpoints = 20;

    /// <summary>Whether http and addresses inside the private network are allowed. For development.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How long one attempt may take, from resolving the name to the response's status; 1 to 60 s, 20 s by default.</summary>
    public TimeSpan Timeout
    {
        get => _timeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(60));
            _timeout = value;
        }
    }

    /// <summary>The most endpoints an owner may have; 20 by default.</summary>
    public int MaximumEndpoints
    {
        get => _maximumEndpoints;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maximumEndpoints = value;
        }
    }
}
