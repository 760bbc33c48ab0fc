using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Pipeline;

/// <summary>Times that leave the service: ISO 8601 in UTC with three decimals, which every parser reads. Stored times keep all seven.</summary>
public sealed class MillisecondsJson : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
