using System.Diagnostics.CodeAnalysis;

namespace Emu.Media.Formats;

/// <summary>What is known of a file format.</summary>
/// <param name="Name">The name that requests use: <c>mp4</c>, <c>apng</c>, <c>jpeg</c>.</param>
/// <param name="Title">The name in messages: <c>JPEG</c>.</param>
/// <param name="MediaType">The media type to serve it under.</param>
/// <param name="KeepsAlpha">Whether transparency can be kept (a GIF keeps it as on or off).</param>
/// <param name="Extensions">The file extensions accepted for it, each with its dot; the usual one first.</param>
public sealed record FormatDescription(string Name, string Title, string MediaType, bool KeepsAlpha, params IReadOnlyList<string> Extensions);

/// <summary>Formats by value, name and file extension.</summary>
/// <typeparam name="TFormat">The enumeration of the formats.</typeparam>
public sealed class FormatTable<TFormat>
    where TFormat : struct, Enum
{
    private readonly (TFormat Format, FormatDescription Description)[] _formats;

    internal FormatTable(params (TFormat Format, FormatDescription Description)[] formats) => _formats = formats;

    /// <summary>The names, in the order in which they are offered.</summary>
    public IReadOnlyList<string> Names => [.. _formats.Select(entry => entry.Description.Name)];

    /// <summary>Every extension, for messages: <c>.mp4, .gif, .webp</c>.</summary>
    public string AcceptedExtensions => string.Join(", ", _formats.SelectMany(entry => entry.Description.Extensions).Distinct());

    /// <summary>Whether the table has a format.</summary>
    public bool Contains(TFormat format) => Array.Exists(_formats, entry => EqualityComparer<TFormat>.Default.Equals(entry.Format, format));

    /// <summary>What is known of a format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table does not have it.</exception>
    public FormatDescription this[TFormat format] =>
        Array.Find(_formats, entry => EqualityComparer<TFormat>.Default.Equals(entry.Format, format)).Description
        ?? throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of this table.");

    /// <summary>The format of a name.</summary>
    public bool TryParse(string? name, [NotNullWhen(true)] out TFormat? format) => TryFind(description => description.Name == name, out format);

    /// <summary>The format that a file's extension names; case does not matter.</summary>
    public bool TryFromExtension(string path, [NotNullWhen(true)] out TFormat? format)
    {
        ArgumentNullException.ThrowIfNull(path);
        var extension = Path.GetExtension(path);
        return TryFind(description => description.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase), out format);
    }

    private bool TryFind(Predicate<FormatDescription> condition, [NotNullWhen(true)] out TFormat? format)
    {
        var index = Array.FindIndex(_formats, entry => condition(entry.Description));
        format = index < 0 ? null : _formats[index].Format;
        return index >= 0;
    }
}
