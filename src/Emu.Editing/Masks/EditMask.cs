using System.Buffers;
using Emu.Media.Pictures;

namespace Emu.Editing.Masks;

/// <summary>How much of each pixel belongs to a region: <c>[height, width]</c>, 0 (not at all) to 255 (wholly). Immutable.</summary>
public sealed class EditMask
{
    private readonly byte[] _values;

    private EditMask(int width, int height, byte[] values)
    {
        Width = width;
        Height = height;
        _values = values;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The values, <c>[height, width]</c>.</summary>
    public ReadOnlySpan<byte> Values => _values;

    /// <summary>The values, <c>[height, width]</c>, for writing them somewhere.</summary>
    public ReadOnlyMemory<byte> Memory => _values;

    /// <summary>Whether no pixel belongs to the region.</summary>
    public bool IsEmpty => !_values.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<byte> Row(int y) => _values.AsSpan(checked(y * Width), Width);

    /// <summary>Makes a mask by filling its values in place; they are zero beforehand.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="state">Handed to <paramref name="fill"/>.</param>
    /// <param name="fill">Fills <c>[height, width]</c>; must not keep the span's memory.</param>
    public static EditMask Create<TState>(int width, int height, TState state, SpanAction<byte, TState> fill)
        where TState : allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(fill);
        var values = new byte[checked(width * height)];
        fill(values, state);
        return new EditMask(width, height, values);
    }

    /// <summary>Makes a mask row by row, on all cores.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="fill">Fills the values of a row; they are zero beforehand.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static EditMask CreateByRows(int width, int height, RowFill fill, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(fill);
        var values = new byte[checked(width * height)];
        Parallel.For(0, height, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, y => fill(y, values.AsSpan(y * width, width)));
        return new EditMask(width, height, values);
    }
}

/// <summary>Finds what a picture shows in front.</summary>
public interface ISubjectFinder
{
    /// <summary>Why no subject can be found here, with what is to be done about it; null if subjects can be found.</summary>
    string? Missing => null;

    /// <summary>Loads what finding a subject takes, so that it is there when a picture is. What fails here fails again, and is reported, when a subject is looked for.</summary>
    /// <param name="cancellationToken">Stops.</param>
    Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The subject's mask, at the picture's size; empty if nothing was found.</summary>
    /// <param name="picture">The picture, as seen.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SubjectModelMissingException">The model that finds it was not added yet.</exception>
    Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken);
}

/// <summary>The model that finds subjects is not on this machine.</summary>
public sealed class SubjectModelMissingException(string message) : Exception(message);
