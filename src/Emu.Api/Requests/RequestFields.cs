using System.Globalization;
using System.Text.Json;
using Emu.Api.Errors;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Requests;

/// <summary>
/// The fields of a request's body, read strictly: a field that is not in the schema, or of another type, is an error that names
/// it. Null counts as absent. Values of a form are text and are converted to the type that is read.
/// </summary>
public sealed class RequestFields : IJobFieldReader
{
    private readonly Dictionary<string, JsonElement> _values;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<UploadedFile>> _files;
    private readonly bool _form;

    internal RequestFields(RequestSchema schema, Dictionary<string, JsonElement> values, IReadOnlyDictionary<string, IReadOnlyList<UploadedFile>> files, bool form)
    {
        _values = values;
        _files = files;
        _form = form;
        foreach (var name in values.Keys.Concat(files.Keys))
        {
            if (schema.Find(name) is null)
            {
                throw UnknownField(name, schema);
            }
        }
    }

    /// <summary>A body without fields.</summary>
    public static RequestFields Empty(RequestSchema schema) =>
        new(schema, [], new Dictionary<string, IReadOnlyList<UploadedFile>>(), form: false);

    /// <summary>The file of that name, if the field was sent as one.</summary>
    public UploadedFile? File(string name) => _files.GetValueOrDefault(name)?[0];

    /// <summary>Every file of that name, in the order in which they came; none if the field was not sent as one.</summary>
    public IReadOnlyList<UploadedFile> Files(string name) => _files.GetValueOrDefault(name) ?? [];

    /// <summary>The value as it came, for fields that may have several types.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        if (_files.ContainsKey(name))
        {
            throw ApiException.InvalidType(name, "a value, not a file");
        }

        return _values.TryGetValue(name, out value);
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? TextOf(value, name) : null;

    /// <summary>One of several words, or null.</summary>
    public string? Word(string name, params ReadOnlySpan<string> accepted)
    {
        var text = Text(name);
        return text is null || accepted.Contains(text)
            ? text
            : throw ApiException.InvalidValue(name, $"Invalid value '{Shorten(text)}' for '{name}': accepted are {string.Join(", ", accepted!)}.");
    }

    /// <summary>A whole number within bounds, or null.</summary>
    public long? WholeNumber(string name, long minimum, long maximum)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        var expected = minimum == maximum ? $"{minimum}" : $"a whole number from {minimum} to {maximum}";
        long number;
        if (_form && value.ValueKind == JsonValueKind.String)
        {
            if (!WholeNumbers.TryParse(value.GetString()!, out number))
            {
                throw ApiException.InvalidType(name, expected);
            }
        }
        else if (value.ValueKind != JsonValueKind.Number)
        {
            throw ApiException.InvalidType(name, expected);
        }
        else if (!WholeNumbers.TryParse(value.GetRawText(), out number))
        {
            throw ApiException.InvalidValue(name, $"Invalid value for '{name}': expected {expected}.");
        }

        return number >= minimum && number <= maximum
            ? number
            : throw ApiException.InvalidValue(name, $"Invalid value {number} for '{name}': expected {expected}.");
    }

    /// <summary>A finite number within bounds, or null.</summary>
    public double? Number(string name, double minimum, double maximum)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        var expected = string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}");
        double number;
        if (_form && value.ValueKind == JsonValueKind.String)
        {
            if (!double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            {
                throw ApiException.InvalidType(name, expected);
            }
        }
        else if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out number))
        {
            throw ApiException.InvalidType(name, expected);
        }

        return number >= minimum && number <= maximum
            ? number
            : throw ApiException.InvalidValue(name, string.Create(CultureInfo.InvariantCulture, $"Invalid value {number} for '{name}': expected {expected}."));
    }

    /// <summary>True or false, or null.</summary>
    public bool? Boolean(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when _form && bool.TryParse(value.GetString(), out var parsed) => parsed,
            _ => throw ApiException.InvalidType(name, "true or false"),
        };
    }

    /// <summary>A list of texts, or null. In a form: <c>name[]</c> repeated, <c>name</c> repeated, or one text with commas.</summary>
    public IReadOnlyList<string>? TextList(string name, int maximumCount)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (_form && value.ValueKind == JsonValueKind.String)
        {
            return Limit(value.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), name, maximumCount);
        }

        return value.ValueKind == JsonValueKind.Array
            ? Limit([.. value.EnumerateArray().Select((item, index) => TextOf(item, $"{name}[{index}]"))], name, maximumCount)
            : throw ApiException.InvalidType(name, "a list of strings");
    }

    /// <summary>Names and texts, or null. In a form: <c>name[key]</c>.</summary>
    public IReadOnlyDictionary<string, string>? TextMap(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(pair => pair.Name, pair => TextOf(pair.Value, $"{name}.{Shorten(pair.Name)}"), StringComparer.Ordinal)
            : throw ApiException.InvalidType(name, "an object whose values are strings");
    }

    string? IJobFieldReader.Text(JobField field) => Text(field.Name);

    long? IJobFieldReader.WholeNumber(JobField field) =>
        WholeNumber(field.Name, field.Minimum is { } minimum ? (long)minimum : long.MinValue, field.Maximum is { } maximum ? (long)maximum : long.MaxValue);

    double? IJobFieldReader.Number(JobField field)
    {
        var (minimum, maximum) = (field.Minimum ?? double.MinValue, field.Maximum ?? double.MaxValue);
        if (!field.NumberAsText || !TryGet(field.Name, out var value) || value.ValueKind == JsonValueKind.Number)
        {
            return Number(field.Name, minimum, maximum);
        }

        var text = TextOf(value, field.Name);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw ApiException.InvalidValue(field.Name, string.Create(CultureInfo.InvariantCulture, $"Invalid value '{Shorten(text)}' for '{field.Name}': expected a number from {minimum} to {maximum}."));
    }

    bool? IJobFieldReader.Boolean(JobField field) => Boolean(field.Name);

    IReadOnlyList<string>? IJobFieldReader.TextList(JobField field) => TextList(field.Name, field.MaximumItems ?? int.MaxValue);

    IReadOnlyDictionary<string, string>? IJobFieldReader.TextMap(JobField field) => TextMap(field.Name);

    Exception IJobFieldReader.Invalid(JobField field, string text, string expected) =>
        ApiException.InvalidValue(field.Name, $"Invalid {field.Name} '{Shorten(text)}': {expected}.");

    /// <summary>A text that came from outside, short enough to stand in a message.</summary>
    public static string Shorten(string text) => TextLength.Shorten(text, 60);

    internal static string TextOf(JsonElement value, string param)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw ApiException.InvalidType(param, "a string");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.InvalidValue(param, $"'{param}' is not valid Unicode text: it holds half of a surrogate pair.");
        }
    }

    private static string[] Limit(string[] items, string name, int maximumCount) =>
        items.Length <= maximumCount
            ? items
            : throw ApiException.InvalidValue(name, $"'{name}' holds {items.Length} items: at most {maximumCount} are accepted.");

    private static ApiException UnknownField(string name, RequestSchema schema)
    {
        var shown = Shorten(name);
        var accepted = schema.Fields.Count == 0 ? "no field is accepted here" : $"accepted are {string.Join(", ", schema.Fields.Select(field => field.Name))}";
        return ApiException.InvalidValue(shown, $"Unknown parameter: '{shown}'; {accepted}.", "unknown_parameter");
    }
}
