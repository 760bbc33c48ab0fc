using System.Buffers;
using System.Runtime.InteropServices;

namespace Emu.Media.Pictures;

/// <summary>
/// A picture in its file's own samples, 8 or 16 bits a channel, in the file's own colour space, straight alpha, as it is meant
/// to be seen (turned already): <c>[height, width, 4]</c> in the order red, green, blue, alpha. Immutable. Edits copy its samples
/// where they change nothing.
/// </summary>
public sealed class SourcePicture
{
    /// <summary>Samples a pixel has.</summary>
    public const int Channels = 4;

    private readonly byte[] _bytes;

    private SourcePicture(int width, int height, int bits, byte[] bytes, SourceMetadata metadata)
    {
        Width = width;
        Height = height;
        Bits = bits;
        _bytes = bytes;
        Metadata = metadata;
    }

    /// <summary>Width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>Height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>Bits a sample: 8 or 16.</summary>
    public int Bits { get; }

    /// <summary>What the file says beside its samples.</summary>
    public SourceMetadata Metadata { get; }

    /// <summary>The largest value of a sample: 255 or 65,535.</summary>
    public int Maximum => (1 << Bits) - 1;

    /// <summary>The bytes that a pixel takes: 4 or 8.</summary>
    public int BytesPerPixel => Channels * Bits / 8;

    /// <summary>All samples as bytes, <c>[height, width, <see cref="BytesPerPixel"/>]</c>, 16-bit samples in the machine's byte order: for copying and comparing whole pixels.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>All samples as bytes, for asynchronous writing.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Whether any pixel is not wholly opaque. Looks through the picture.</summary>
    public bool HasTransparency()
    {
        for (var i = BytesPerPixel - 1; i < _bytes.Length; i += BytesPerPixel)
        {
            if (_bytes[i] != 255 || _bytes[i - (Bits / 16)] != 255)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>One row's bytes.</summary>
    public ReadOnlySpan<byte> RowBytes(int y) => _bytes.AsSpan(checked(y * Width * BytesPerPixel), Width * BytesPerPixel);

    /// <summary>The 16-bit samples of one row, <c>[width, 4]</c>.</summary>
    /// <exception cref="InvalidOperationException">The picture has 8 bits a sample.</exception>
    public ReadOnlySpan<ushort> RowSamples16(int y) => Bits == 16
        ? MemoryMarshal.Cast<byte, ushort>(RowBytes(y))
        : throw new InvalidOperationException("The picture has 8 bits a sample.");

    /// <summary>Reads one row as numbers from 0 to 1, <c>[width, 4]</c>; <see cref="ToSample"/> of each gives back the very samples.</summary>
    public void ReadRow(int y, Span<float> row)
    {
        if (Bits == 8)
        {
            var samples = RowBytes(y);
            for (var i = 0; i < samples.Length; i++)
            {
                row[i] = samples[i] * (1f / 255f);
            }
            return;
        }
        var wide = RowSamples16(y);
        for (var i = 0; i < wide.Length; i++)
        {
            row[i] = wide[i] * (1f / 65_535f);
        }
    }

    /// <summary>Makes a picture by filling its bytes in place; they are zero beforehand.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="metadata">What the file says beside its samples.</param>
    /// <param name="state">Handed to <paramref name="fill"/>.</param>
    /// <param name="fill">Fills <see cref="Bytes"/>; must not keep the span's memory.</param>
    public static SourcePicture Create<TState>(int width, int height, int bits, SourceMetadata metadata, TState state, SpanAction<byte, TState> fill)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits is 8 or 16, true, nameof(bits));
        var bytes = new byte[checked(Picture.SampleCount(width, height) * (bits / 8))];
        fill(bytes, state);
        return new SourcePicture(width, height, bits, bytes, metadata);
    }

    /// <summary>Makes a picture row by row, on all cores.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="metadata">What the file says beside its samples.</param>
    /// <param name="fill">Fills the bytes of a row; they may hold anything beforehand.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static SourcePicture CreateByRows(int width, int height, int bits, SourceMetadata metadata, RowFill fill, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits is 8 or 16, true, nameof(bits));
        var bytes = GC.AllocateUninitializedArray<byte>(checked(Picture.SampleCount(width, height) * (bits / 8)));
        var length = bytes.Length / height;
        Parallel.For(0, height, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, y => fill(y, bytes.AsSpan(y * length, length)));
        return new SourcePicture(width, height, bits, bytes, metadata);
    }

    /// <summary>Takes an array over without copying it; the caller gives it up.</summary>
    internal static SourcePicture Adopt(int width, int height, int bits, byte[] bytes, SourceMetadata metadata) =>
        bytes.Length == Picture.SampleCount(width, height) * (bits / 8)
            ? new SourcePicture(width, height, bits, bytes, metadata)
            : throw new ArgumentException($"A picture of {width}x{height} with {bits} bits a sample does not have {bytes.Length} bytes.", nameof(bytes));

    /// <summary>The same picture with other metadata; its samples are shared.</summary>
    public SourcePicture With(SourceMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new SourcePicture(Width, Height, Bits, _bytes, metadata);
    }

    /// <summary>Writes numbers from 0 to 1, rounded to the nearest sample and clamped, as a row's bytes.</summary>
    /// <param name="row"><c>[width, 4]</c>.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="bytes">The row's bytes.</param>
    public static void WriteRow(ReadOnlySpan<float> row, int bits, Span<byte> bytes)
    {
        if (bits == 8)
        {
            for (var i = 0; i < row.Length; i++)
            {
                bytes[i] = (byte)ToSample(row[i], 255);
            }
            return;
        }
        var wide = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var i = 0; i < row.Length; i++)
        {
            wide[i] = (ushort)ToSample(row[i], 65_535);
        }
    }

    /// <summary>The sample nearest to a number from 0 to 1; NaN becomes 0.</summary>
    public static int ToSample(float value, int maximum) => (int)Math.Clamp(float.IsNaN(value) ? 0f : (value * maximum) + 0.5f, 0f, maximum);

    /// <summary>The samples as an 8-bit picture, in the file's own colour space.</summary>
    public Picture ToPicture() => Picture.Create(Width, Height, this, static (samples, source) =>
    {
        if (source.Bits == 8)
        {
            source.Bytes.CopyTo(samples);
            return;
        }
        var wide = MemoryMarshal.Cast<byte, ushort>(source.Bytes);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (byte)((wide[i] + 128) / 257);
        }
    });

    /// <summary>An 8-bit picture as it is, without metadata.</summary>
    public static SourcePicture From(Picture picture, SourceMetadata? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Create(picture.Width, picture.Height, 8, metadata ?? SourceMetadata.None, picture, static (bytes, picture) => picture.Samples.CopyTo(bytes));
    }
}

/// <summary>Fills a row.</summary>
/// <param name="y">Which, from the top.</param>
/// <param name="row">Its bytes.</param>
public delegate void RowFill(int y, Span<byte> row);
