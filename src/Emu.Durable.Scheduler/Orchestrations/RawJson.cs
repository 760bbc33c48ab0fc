using Microsoft.DurableTask;

namespace Emu.Durable.Scheduler.Orchestrations;

/// <summary>The port's payloads are JSON already: the SDK must not wrap them a second time.</summary>
internal sealed class RawJson : DataConverter
{
    public static RawJson Instance { get; } = new();

    public override string? Serialize(object? value) => value switch
    {
        null => null,
        string json => json,

        // The SDK keeps an activity's input as an array, and takes the brackets off before it calls the activity.
        object?[] { Length: 1 } parameters => $"[{Serialize(parameters[0])}]",
        _ => throw new NotSupportedException($"Payloads are JSON text, not {value.GetType().Name}."),
    };

    public override object? Deserialize(string? data, Type targetType) =>
        targetType.IsAssignableFrom(typeof(string)) ? data : throw new NotSupportedException($"Payloads are JSON text, not {targetType.Name}.");
}
