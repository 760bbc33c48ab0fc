using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Emu.Pipeline.Artifacts;

/// <summary>
/// Reads and writes the JSON records in a store. A record is damaged if it is no JSON, is null, or lacks a value that its type
/// needs: a required property, or a constructor parameter that is not nullable and has no default.
/// </summary>
internal static class ArtifactJson
{
    private static readonly JsonSerializerOptions Strict = new(PipelineJson.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AllowMissingNulls } },
    };

    /// <summary>Reads a record.</summary>
    /// <param name="name">The artifact's name, for the error.</param>
    /// <param name="content">Its bytes, UTF-8.</param>
    /// <exception cref="ArtifactStoreException">It is damaged; not retryable. The message names the artifact.</exception>
    public static T Read<T>(string name, ReadOnlyMemory<byte> content)
        where T : notnull
    {
        try
        {
            return JsonSerializer.Deserialize<T>(content.Span, Strict) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // A record's constructor refuses values with an ArgumentException.
            throw new ArtifactStoreException($"'{name}' is damaged: {exception.Message}", false, exception);
        }
    }

    /// <summary>Writes a record as UTF-8.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, PipelineJson.Options);

    // Nulls are left out when a record is written.
    private static void AllowMissingNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: true })
            {
                property.IsRequired = false;
            }
        }
    }
}
