using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Pipeline.Jobs;

/// <summary>A picture's size in pixels, written <c>512x512</c>.</summary>
[JsonConverter(typeof(JsonText))]
public readonly record struct FrameSize
{
    /// <summary>The largest width and height, in pixels.</summary>
    public const int Maximum = 131_072;

    /// <summary>Creates a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1 or above <see cref="Maximum"/>.</exception>
    public FrameSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Maximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Maximum);
        Width = width;
        Height = height;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>Reads <c>512x512</c>, or <c>512</c> for a square; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FrameSize size)
    {
        size = default;
        var parts = (text ?? "").Split('x');
        if (parts.Length > 2 || !TryParseSide(parts[0], out var width) || !TryParseSide(parts[^1], out var height))
        {
            return false;
        }

        size = new FrameSize(width, height);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static bool TryParseSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= Maximum;

    /// <summary>A size in JSON is its text.</summary>
    public sealed class JsonText : JsonConverter<FrameSize>
    {
        /// <inheritdoc/>
        public override FrameSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var size) ? size : throw new JsonException("A size is written like '512x512'.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, FrameSize value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
