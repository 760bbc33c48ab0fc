using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Emu.Api.Jobs;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Emu.Api.OpenApi;

/// <summary>JSON Schemas (2020-12) of the types of responses, with their <see cref="DescriptionAttribute"/>s.</summary>
internal static class ResponseSchemas
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>A type's name in the OpenAPI document.</summary>
    public static string NameOf(Type type) => type.Name.EndsWith("Resource", StringComparison.Ordinal) ? type.Name[..^"Resource".Length] : type.Name;

    /// <summary>A type's schema.</summary>
    /// <param name="type">The type.</param>
    /// <param name="document">The document that it becomes a part of.</param>
    public static OpenApiSchema Of(Type type, OpenApiDocument document) =>
        new OpenApiJsonReader().ReadFragment<OpenApiSchema>(ApiJson.Options.GetJsonSchemaAsNode(type, Exporter), OpenApiSpecVersion.OpenApi3_1, document, out _)!;

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node)
        {
            return schema;
        }

        var attributes = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (attributes.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).FirstOrDefault() is DescriptionAttribute description)
        {
            node["description"] = description.Description;
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && node["properties"] is JsonObject properties)
        {
            var required = context.TypeInfo.Properties.Where(IsAlwaysWritten).Select(property => property.Name).ToList();
            if (context.TypeInfo.Type.GetCustomAttribute<ShowsJobFieldsAttribute>() is { } shows)
            {
                foreach (var (name, shown) in ShownJobFields.Schemas(shows.Kind))
                {
                    properties[name] = shown;
                    required.Add(name);
                }
            }

            node["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        !property.IsExtensionData && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) != true;
}
