using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.Replay;

/// <summary>Inputs, results and event payloads as JSON text.</summary>
internal static class Payload
{
    /// <summary>
    /// The most characters a payload may have: 1 MB of UTF-8 is what Durable Task Scheduler takes, and what fits here must fit there.
    /// Tensors and pictures travel as references.
    /// </summary>
    public const int MaximumBytes = 1_000_000;

    /// <summary>The value as JSON.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static string Serialize(object? value, string what)
    {
        var json = value switch
        {
            JsonElement { ValueKind: JsonValueKind.Undefined } => "null",
            JsonElement element => element.GetRawText(),
            null => "null",
            _ => JsonSerializer.Serialize(value, value.GetType(), DurableJson.Options),
        };
        return IsTooLong(json)
            ? throw new ArgumentException($"The {what} is longer than {MaximumBytes:N0} bytes of JSON. Put it into the artifact store and pass its name.")
            : json;
    }

    /// <summary>Whether a JSON text is over the limit.</summary>
    public static bool IsTooLong(string json) =>
        json.Length > MaximumBytes || (json.Length > MaximumBytes / 3 && System.Text.Encoding.UTF8.GetByteCount(json) > MaximumBytes);

    /// <summary>The value of a JSON text.</summary>
    /// <exception cref="ActivityFailedException">The text is not a <typeparamref name="T"/>.</exception>
    public static T Deserialize<T>(string json, string code, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, DurableJson.Options)!;
        }
        catch (JsonException exception)
        {
            var message = $"The {what} cannot be read as {typeof(T).Name}: {exception.Message}";
            throw new ActivityFailedException(new ActivityFailure(code, message, Retryable: false), exception);
        }
    }

    /// <summary>A failure as JSON.</summary>
    public static string Serialize(ActivityFailure failure) => JsonSerializer.Serialize(failure, DurableJson.Options);

    /// <summary>The failure of a JSON text that <see cref="Serialize(ActivityFailure)"/> wrote.</summary>
    public static ActivityFailure ReadFailure(string json) => JsonSerializer.Deserialize<ActivityFailure>(json, DurableJson.Options)!;
}
