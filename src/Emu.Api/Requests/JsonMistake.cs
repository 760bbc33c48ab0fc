using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Emu.Api.Errors;

namespace Emu.Api.Requests;

/// <summary>Says in a sentence, with line and column, why a text is no JSON: the parser's own messages speak to programmers of the server.</summary>
internal static class JsonMistake
{
    private const int LongestWord = 20;

    /// <summary>The error for a text that is not UTF-8; null if it is.</summary>
    public static ApiException? InEncoding(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            return null;
        }

        for (var index = 0; index < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[index..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return At(text, index, text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? "the text is UTF-16; send UTF-8" : $"the byte 0x{text[index]:X2} is not UTF-8; send the text as UTF-8");
            }

            index += length;
        }

        return null;
    }

    /// <summary>The error for a text that a reader with these options refuses.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="options">How strictly it was read.</param>
    /// <param name="cause">What the reader threw.</param>
    public static ApiException In(ReadOnlySpan<byte> text, JsonReaderOptions options, Exception cause)
    {
        var reader = new Utf8JsonReader(text, options);
        var names = new Stack<HashSet<string>?>();
        var end = 0;
        var last = JsonTokenType.None;
        try
        {
            while (reader.Read())
            {
                (end, last) = ((int)reader.BytesConsumed, reader.TokenType);
                if (last is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    names.Push(last == JsonTokenType.StartObject ? new HashSet<string>(StringComparer.Ordinal) : null);
                }
                else if (last is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    names.Pop();
                }
                else if (last == JsonTokenType.PropertyName && !names.Peek()!.Add(reader.GetString()!))
                {
                    return At(text, (int)reader.TokenStartIndex, $"the name \"{RequestFields.Shorten(reader.GetString()!)}\" stands twice in one object", cause);
                }
            }
        }
        catch (JsonException exception)
        {
            var position = PositionOf(text, exception);
            return At(text, position, Describe(text, position, Math.Min(end, position), last, names, options.MaxDepth), cause);
        }
        catch (InvalidOperationException)
        {
            return At(text, (int)reader.TokenStartIndex, "a name holds half of a surrogate pair", cause);
        }

        return ApiException.InvalidBody("The JSON is invalid.", cause);
    }

    private static string Describe(ReadOnlySpan<byte> text, int position, int end, JsonTokenType last, Stack<HashSet<string>?> open, int maximumDepth)
    {
        if (position >= text.Length)
        {
            return "it ends before it is complete";
        }

        var between = text[end..position];
        var found = Encoding.UTF8.GetString(text.Slice(position, LengthAt(text, position)));
        return text[position] switch
        {
            (byte)'}' or (byte)']' when between.TrimEnd(" \t\r\n"u8) is [.., (byte)','] => $"there is a comma before '{found}'; remove it",
            (byte)'{' or (byte)'[' when open.Count >= maximumDepth => $"it is nested deeper than {maximumDepth}",
            (byte)'/' when between.IndexOf((byte)'"') < 0 => "comments are not accepted",
            < 0x20 => $"the control character U+{text[position]:X4} cannot stand here; inside a text write it as {JsonEncodedText.Encode(found)}",
            _ when IsInEscape(between) => "a text holds a backslash that begins no escape; accepted are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits",
            _ when last != JsonTokenType.None && open.Count == 0 => $"nothing may follow the JSON's end, and there is '{found}'",
            _ => $"{Expected(between, last, open)} is expected, not '{WordAt(text, position, end)}'",
        };
    }

    private static string Expected(ReadOnlySpan<byte> between, JsonTokenType last, Stack<HashSet<string>?> open)
    {
        var isAfterComma = between.Contains((byte)',');
        var isInObject = open.Count > 0 && open.Peek() is not null;
        return isInObject && (last == JsonTokenType.StartObject || isAfterComma) ? between.Contains((byte)'"') ? "a colon" : "a name in double quotes"
            : open.Count == 0 ? "an object in braces"
            : last is JsonTokenType.PropertyName or JsonTokenType.StartArray || isAfterComma ? "a value (a text in double quotes, a number, true, false, null, a list or an object)"
            : isInObject ? "a comma or the object's end"
            : "a comma or the list's end";
    }

    // The last backslash is not itself escaped, and what follows it is no more than the beginning of an escape.
    private static bool IsInEscape(ReadOnlySpan<byte> between)
    {
        var start = between.LastIndexOf((byte)'\\');
        return start >= 0 && between.Length - start <= 5 && (between.Length == start + 1 || between[start + 1] == (byte)'u');
    }

    // The word or number around a position, or the character there.
    private static string WordAt(ReadOnlySpan<byte> text, int position, int earliest)
    {
        var (start, end) = (position, position);
        while (start > earliest && IsOfWord(text[start - 1]))
        {
            start--;
        }

        while (end < text.Length && IsOfWord(text[end]))
        {
            end++;
        }

        end = end == start ? start + LengthAt(text, start) : end;
        var word = Encoding.UTF8.GetString(text[start..end]);
        return word.Length <= LongestWord ? word : word[..LongestWord] + "…";
    }

    private static bool IsOfWord(byte character) => char.IsAsciiLetterOrDigit((char)character) || character is (byte)'+' or (byte)'-' or (byte)'.' or (byte)'_';

    private static int LengthAt(ReadOnlySpan<byte> text, int position)
    {
        Rune.DecodeFromUtf8(text[position..], out _, out var length);
        return length;
    }

    private static int PositionOf(ReadOnlySpan<byte> text, JsonException exception)
    {
        var start = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += text[start..].IndexOf((byte)'\n') + 1;
        }

        return Math.Min(text.Length, start + (int)(exception.BytePositionInLine ?? 0));
    }

    private static ApiException At(ReadOnlySpan<byte> text, int position, string what, Exception? cause = null)
    {
        var before = text[..position];
        var start = before.LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetString(before[start..]).EnumerateRunes().Count() + 1;
        return ApiException.InvalidBody($"The JSON is invalid in line {before.Count((byte)'\n') + 1}, column {column}: {what}.", cause);
    }
}
