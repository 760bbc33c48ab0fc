using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Emu.Api.OpenApi;

/// <summary>JSON Schemas (2020-12) of the types that answers hold, with their <see cref="DescriptionAttribute"/>s.</summary>
internal static class JsonSchemas
{
    private static readonly JsonSchemaExporterOptions Exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            var attributes = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
            if (schema is JsonObject node && attributes.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).FirstOrDefault() is DescriptionAttribute description)
            {
                node["description"] = description.Description;
            }

            return schema;
        },
    };

    /// <summary>A type's name in the description.</summary>
    public static string NameOf(Type type) => type.Name.EndsWith("Resource", StringComparison.Ordinal) ? type.Name[..^"Resource".Length] : type.Name;

    /// <summary>A type's schema.</summary>
    public static JsonNode Of(Type type) => ApiJson.Options.GetJsonSchemaAsNode(type, Exporter);
}
