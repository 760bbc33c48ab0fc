using System.Globalization;
using System.Text.Json;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>The fields of a configuration, each taken once; what is left over was not understood.</summary>
internal sealed class ConfigurationFields
{
    private readonly Dictionary<string, JsonElement> _remaining = [];

    public ConfigurationFields(JsonElement root)
    {
        // diffusers lists the fields that it filled with class defaults; they say nothing about the model.
        var defaulted = root.TryGetProperty("_use_default_values", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet()
            : [];
        foreach (var property in root.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !defaulted.Contains(property.Name))
            {
                _remaining[property.Name] = property.Value;
            }
        }
    }

    public IEnumerable<string> Remaining => _remaining.Keys;

    public bool? Boolean(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, value, "true or false"),
    };

    public int? Integer(string name, int minimum, int maximum = int.MaxValue)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(name, value, maximum == int.MaxValue ? $"a whole number from {minimum}" : $"a whole number from {minimum} to {maximum}");
    }

    /// <param name="name">The field.</param>
    /// <param name="accepts">Whether a value is in range; never called with NaN.</param>
    /// <param name="accepted">The range in words.</param>
    public double? Number(string name, Func<double, bool> accepts, string accepted) =>
        Take(name) is { } value ? ToNumber(name, value, accepts, accepted) : null;

    public double[]? Numbers(string name, Func<double, bool> accepts, string accepted)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => ToNumber(name, item, accepts, accepted))]
            : throw Wrong(name, value, "an array of numbers");
    }

    public string? Text(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Wrong(name, value, "a string"),
    };

    public T? Choice<T>(string name, params (string Name, T Value)[] choices)
        where T : struct
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        foreach (var choice in choices)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(choice.Name))
            {
                return choice.Value;
            }
        }

        throw Wrong(name, value, string.Join(", ", choices.Select(choice => choice.Name)));
    }

    /// <summary>Takes a field that is understood only at the value that switches it off.</summary>
    public void RequireFalse(string name, string reason)
    {
        if (Boolean(name) is true)
        {
            throw new NoiseSchedulerConfigurationException($"'{name}' is true, which is not supported: {reason}. Accepted: false.");
        }
    }

    /// <summary>Takes a field that is understood only when it is not given or null.</summary>
    public void RequireNull(string name, string reason)
    {
        if (Take(name) is { } value)
        {
            throw new NoiseSchedulerConfigurationException($"'{name}' is {Shown(value)}, which is not supported: {reason}. Accepted: null.");
        }
    }

    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _remaining.Remove(name);
        }
    }

    private static double ToNumber(string name, JsonElement value, Func<double, bool> accepts, string accepted) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && accepts(number)
            ? number
            : throw Wrong(name, value, accepted);

    private static NoiseSchedulerConfigurationException Wrong(string name, JsonElement value, string accepted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"'{name}' is {Shown(value)}. Accepted: {accepted}."));

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    private JsonElement? Take(string name) => _remaining.Remove(name, out var value) ? value : null;
}
