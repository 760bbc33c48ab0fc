using System.Text;

namespace Emu.Pipeline.Artifacts;

/// <summary>
/// The rules for artifact names, the same in every store so that a job moves between them: relative, parts joined by <c>/</c>,
/// nothing that a file system would read as another place or another name.
/// </summary>
public static class ArtifactName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumLength = 700;

    /// <summary>The longest part of a name, in UTF-8 bytes: what every common file system can hold.</summary>
    public const int MaximumPartBytes = 255;

    /// <summary>The first part that stores keep for themselves.</summary>
    public const string Reserved = ".emu";

    private const string Forbidden = "\\:*?\"<>|";

    private static readonly HashSet<string> DeviceNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>Whether a name may be used.</summary>
    public static bool IsValid(string? name) => name is not null && Fault(name) is null;

    /// <summary>Refuses a name that may not be used.</summary>
    /// <exception cref="ArgumentException">The name is not one; the message says why.</exception>
    public static void Validate(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Fault(name) is { } fault)
        {
            throw new ArgumentException($"'{name}' is no artifact name: {fault}.", nameof(name));
        }
    }

    /// <summary>Refuses a listing prefix that no name could have. The empty prefix lists everything.</summary>
    /// <exception cref="ArgumentException">The prefix is not one; the message says why.</exception>
    public static void ValidatePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        // With a letter after it, any beginning of a name is a name; so is a prefix that ends in a slash.
        if (Fault(prefix + "x") is { } fault)
        {
            throw new ArgumentException($"'{prefix}' is no artifact prefix: {fault}.", nameof(prefix));
        }
    }

    private static string? Fault(string name)
    {
        if (name.Length is 0 or > MaximumLength)
        {
            return $"it must have 1 to {MaximumLength} characters";
        }

        var first = true;
        foreach (var range in name.AsSpan().Split('/'))
        {
            var part = name.AsSpan(range);
            if (PartFault(part) is { } fault)
            {
                return fault;
            }

            if (first && part.Equals(Reserved, StringComparison.OrdinalIgnoreCase))
            {
                return $"'{Reserved}' is kept for the store itself";
            }

            first = false;
        }

        return null;
    }

    private static string? PartFault(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty)
        {
            return "a part is empty";
        }

        if (part is "." or "..")
        {
            return "it steps out of its folder";
        }

        if (part[^1] is '.' or ' ' || part[0] == ' ')
        {
            return "a part begins or ends with a space, or ends with a dot";
        }

        foreach (var character in part)
        {
            if (char.IsControl(character) || Forbidden.Contains(character))
            {
                return $"it contains a control character or one of {Forbidden}";
            }
        }

        if (!IsWellFormed(part))
        {
            return "it contains half of a surrogate pair";
        }

        if (Encoding.UTF8.GetByteCount(part) > MaximumPartBytes)
        {
            return $"a part is longer than {MaximumPartBytes} bytes";
        }

        var dot = part.IndexOf('.');
        var stem = (dot < 0 ? part : part[..dot]).TrimEnd(' ');
        return DeviceNames.GetAlternateLookup<ReadOnlySpan<char>>().Contains(stem) ? $"'{stem}' is a device's name on Windows" : null;
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}

/// <summary>Content types by a file's extension.</summary>
public static class MediaTypes
{
    /// <summary>The content type for a name's extension; <c>application/octet-stream</c> for an unknown one.</summary>
    public static string OfName(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        ".mkv" => "video/x-matroska",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".png" => "image/png",
        ".apng" => "image/apng",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".bmp" => "image/bmp",
        ".json" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
