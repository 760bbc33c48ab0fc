using System.Text;
using System.Text.Json;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>Inputs, results and event payloads as JSON text.</summary>
public static class Payload
{
    /// <summary>
    /// The maximum length of a payload, in bytes of UTF-8. It is the limit of Durable Task Scheduler, so that a payload accepted
    /// by one engine is accepted by all. Tensors and images are passed as names of artifacts.
    /// </summary>
    public const int MaximumBytes = 1_000_000;

    /// <summary>Writes a value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What the value is, for the error message, for example "input of 'job_1'".</param>
    /// <exception cref="ArgumentException">The JSON is longer than <see cref="MaximumBytes"/>.</exception>
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

    /// <summary>Whether a JSON text is longer than <see cref="MaximumBytes"/>.</summary>
    public static bool IsTooLong(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.Length > MaximumBytes || (json.Length > MaximumBytes / 3 && Encoding.UTF8.GetByteCount(json) > MaximumBytes);
    }

    /// <summary>Reads a value from JSON.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="code">The failure's code if it cannot be read.</param>
    /// <param name="what">What the value is, for the failure's message.</param>
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

    /// <summary>Writes a failure as JSON.</summary>
    public static string Serialize(ActivityFailure failure) => JsonSerializer.Serialize(failure, DurableJson.Options);

    /// <summary>Reads a failure that <see cref="Serialize(ActivityFailure)"/> wrote.</summary>
    public static ActivityFailure ReadFailure(string json) => JsonSerializer.Deserialize<ActivityFailure>(json, DurableJson.Options)!;
}
