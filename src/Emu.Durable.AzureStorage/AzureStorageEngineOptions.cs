using System.Text.RegularExpressions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Hub;

namespace Emu.Durable.AzureStorage;

/// <summary>Options of an engine on Azure Storage. Immutable; validated where they are made.</summary>
public sealed partial record AzureStorageEngineOptions : SharedEngineOptions
{
    /// <summary>The task hub when none is named.</summary>
    public const string DefaultTaskHub = "emu";

    private readonly string _storage = "";
    private readonly string _taskHub = DefaultTaskHub;
    private readonly int _partitions = 4;
    private readonly int _maximumDeliveries = 20;

    /// <summary>A connection string of Azure Storage or Azurite, or the account's blob address (https), signed in to by the default Azure credential.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public required string Storage
    {
        get => _storage;
        init => _storage = StorageAccount.Validate(value);
    }

    /// <summary>The task hub's name; all processes of one hub share the work. 3 to 30 letters and digits, the first one a letter; <c>emu</c> by default.</summary>
    /// <exception cref="ArgumentException">The name is not accepted.</exception>
    public override string TaskHub
    {
        get => _taskHub;
        init => _taskHub = HubName().IsMatch(value ?? "")
            ? value!.ToLowerInvariant()
            : throw new ArgumentException($"'{value}' is no name of a task hub: 3 to 30 letters and digits are accepted, the first one a letter.");
    }

    /// <summary>
    /// Into how many queues the orchestrations of a new hub are split, and so how many processes at most run orchestrations at once
    /// (activities have no such limit); 1 to 16, 4 by default. An existing hub keeps its own.
    /// </summary>
    public int Partitions
    {
        get => _partitions;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 16);
            _partitions = value;
        }
    }

    /// <summary>How often a call of an activity may be delivered without ending, before it fails with <c>worker_lost</c>; 20 by default, at least 1. A normal stop does not count.</summary>
    public int MaximumDeliveries
    {
        get => _maximumDeliveries;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maximumDeliveries = value;
        }
    }

    /// <summary>The longest pause between two looks into an empty queue; the pauses begin at 50 ms and double. 1 s by default, at least 50 ms.</summary>
    public TimeSpan MaximumPollingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a process that died keeps its work: then others take its activities and orchestrations. 20 s by default; whole seconds, at least 6.</summary>
    public TimeSpan LostWorkTimeout { get; init; } = TimeSpan.FromSeconds(20);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,29}$")]
    private static partial Regex HubName();
}
