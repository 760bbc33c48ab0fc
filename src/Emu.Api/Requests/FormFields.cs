using System.Text.Json;
using System.Text.Json.Nodes;
using Emu.Api.Errors;

namespace Emu.Api.Requests;

/// <summary>Collects a form's texts under the names that the official clients give them: <c>prompt</c>, <c>formats[]</c>, <c>metadata[key]</c>.</summary>
internal sealed class FormFields
{
    private readonly Dictionary<string, JsonNode> _nodes = new(StringComparer.Ordinal);

    /// <summary>Whether a field of that name was added.</summary>
    public bool Contains(string name) => _nodes.ContainsKey(name);

    /// <summary>Adds a text.</summary>
    public void Add(string name, string value)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket <= 0 || !name.EndsWith(']'))
        {
            AddPlain(name, value);
            return;
        }

        var field = name[..bracket];
        var key = name[(bracket + 1)..^1];
        if (key.Length == 0)
        {
            GetOrAdd(field, name, () => new JsonArray()).Add((JsonNode)value);
        }
        else if (!GetOrAdd(field, name, () => new JsonObject()).TryAdd(key, (JsonNode)value))
        {
            throw Conflict(name);
        }
    }

    /// <summary>What was collected.</summary>
    public Dictionary<string, JsonElement> ToValues() =>
        _nodes.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal);

    private void AddPlain(string name, string value)
    {
        // A name that comes again makes a list; a field that is no list then refuses it by its type.
        if (!_nodes.TryGetValue(name, out var existing))
        {
            _nodes.Add(name, (JsonNode)value);
        }
        else if (existing is JsonArray list)
        {
            list.Add((JsonNode)value);
        }
        else if (existing is JsonValue)
        {
            _nodes[name] = new JsonArray(existing, value);
        }
        else
        {
            throw Conflict(name);
        }
    }

    private T GetOrAdd<T>(string field, string name, Func<T> create)
        where T : JsonNode
    {
        if (!_nodes.TryGetValue(field, out var node))
        {
            _nodes.Add(field, node = create());
        }

        return node as T ?? throw Conflict(name);
    }

    private static ApiException Conflict(string name) =>
        ApiException.InvalidValue(RequestFields.Shorten(name), $"'{RequestFields.Shorten(name)}' is given more than once.", "duplicate_parameter");
}
