namespace Emu.Api.Requests;

/// <summary>The fields a request's body may hold: the source of its description and of the refusal of any other field.</summary>
public sealed class RequestSchema
{
    private readonly Dictionary<string, RequestField> _byName;

    /// <summary>Creates a schema.</summary>
    /// <param name="name">Its name in the description, for example <c>CreateVideo</c>.</param>
    /// <param name="fields">The fields, in the order in which they are described.</param>
    public RequestSchema(string name, params IReadOnlyList<RequestField> fields)
    {
        Name = name;
        Fields = fields;
        _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    /// <summary>Its name in the description.</summary>
    public string Name { get; }

    /// <summary>The fields.</summary>
    public IReadOnlyList<RequestField> Fields { get; }

    /// <summary>The field of that name, or null.</summary>
    public RequestField? Find(string name) => _byName.GetValueOrDefault(name);
}
