using System.Text.RegularExpressions;
using Azure.Core;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Connection;

namespace Emu.Durable.Scheduler;

/// <summary>Options of an engine on the Durable Task Scheduler. Immutable; validated where they are made.</summary>
public sealed partial record SchedulerEngineOptions : SharedEngineOptions
{
    private readonly string _taskHub = "";
    private readonly Uri _endpoint = new("http://localhost:8080");
    private readonly TimeSpan _requestTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The scheduler's address; see <see cref="SchedulerEndpoint.Parse"/>.</summary>
    /// <exception cref="ArgumentException">It is neither https nor on this machine.</exception>
    public required Uri Endpoint
    {
        get => _endpoint;
        init => _endpoint = SchedulerEndpoint.Validate(value);
    }

    /// <summary>
    /// The task hub's name, which exists in the scheduler; all processes of one hub share the work. 3 to 50 letters and digits, with
    /// single hyphens between them.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not accepted.</exception>
    public override required string TaskHub
    {
        get => _taskHub;
        init => _taskHub = value is { Length: >= 3 and <= 50 } && HubName().IsMatch(value)
            ? value
            : throw new ArgumentException($"'{value}' is no name of a task hub: 3 to 50 letters and digits are accepted, with single hyphens between them.");
    }

    /// <summary>Who asks; by default the default Azure credential. Not used with an http address, which is asked without one.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>How long a request may take; 15 s by default, more than zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not more than zero.</exception>
    public TimeSpan RequestTimeout
    {
        get => _requestTimeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _requestTimeout = value;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
    private static partial Regex HubName();
}
