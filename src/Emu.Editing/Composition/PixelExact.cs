using System.Runtime.InteropServices;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>Keeps unrelated pixels as they were: the one place that decides what of an operation's result counts.</summary>
public static class PixelExact
{
    /// <summary>The result with the picture's own samples and metadata wherever nothing was to change.</summary>
    /// <param name="before">The picture before the operation.</param>
    /// <param name="result">What the operation made.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    internal static SourcePicture Restored(SourcePicture before, EditResult result, CancellationToken cancellationToken)
    {
        var (after, changed) = result;
        var picture = after.Metadata == before.Metadata ? after : after.With(before.Metadata);
        if (changed is null)
        {
            return picture;
        }
        if (after.Width != before.Width || after.Height != before.Height || after.Bits != before.Bits || changed.Width != before.Width || changed.Height != before.Height)
        {
            throw new InvalidOperationException($"An operation that names what it changed keeps size and depth; it made {after.Width}x{after.Height} of {before.Width}x{before.Height}.");
        }
        var differs = 0;
        Parallel.For(0, before.Height, Options(cancellationToken), (y, loop) =>
        {
            if (!IsKept(before, after, changed, y))
            {
                Volatile.Write(ref differs, 1);
                loop.Stop();
            }
        });
        return differs == 0 ? picture : SourcePicture.CreateByRows(
            before.Width,
            before.Height,
            before.Bits,
            before.Metadata,
            (y, row) =>
            {
                after.RowBytes(y).CopyTo(row);
                foreach (var (start, length) in new UnchangedRuns(changed.Row(y)))
                {
                    var bytes = before.BytesPerPixel;
                    before.RowBytes(y).Slice(start * bytes, length * bytes).CopyTo(row[(start * bytes)..]);
                }
            },
            cancellationToken);
    }

    /// <summary>The share of pixels that two pictures have in common bit for bit, 0 to 1; 0 if their sizes or depths differ.</summary>
    public static double KeptShare(SourcePicture before, SourcePicture after, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Width != after.Width || before.Height != after.Height || before.Bits != after.Bits)
        {
            return 0;
        }
        var kept = 0L;
        Parallel.For(0, before.Height, Options(cancellationToken), () => 0L, (y, _, sum) => sum + CountEqual(before, after, y), sum => Interlocked.Add(ref kept, sum));
        return (double)kept / ((long)before.Width * before.Height);
    }

    /// <summary>Whether every pixel that was not to change is the picture's, bit for bit.</summary>
    /// <param name="before">The picture before.</param>
    /// <param name="after">The picture after.</param>
    /// <param name="changed">Which pixels may differ (any value above 0).</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static bool IsKept(SourcePicture before, SourcePicture after, EditMask changed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(changed);
        return after.Width == before.Width && after.Height == before.Height && after.Bits == before.Bits
            && changed.Width == before.Width && changed.Height == before.Height
            && Parallel.For(0, before.Height, Options(cancellationToken), (y, loop) =>
            {
                if (!IsKept(before, after, changed, y))
                {
                    loop.Stop();
                }
            }).IsCompleted;
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static bool IsKept(SourcePicture before, SourcePicture after, EditMask changed, int y)
    {
        var old = before.RowBytes(y);
        var now = after.RowBytes(y);
        var bytes = before.BytesPerPixel;
        foreach (var (start, length) in new UnchangedRuns(changed.Row(y)))
        {
            if (!old.Slice(start * bytes, length * bytes).SequenceEqual(now.Slice(start * bytes, length * bytes)))
            {
                return false;
            }
        }
        return true;
    }

    private static long CountEqual(SourcePicture before, SourcePicture after, int y)
    {
        var old = before.RowBytes(y);
        var now = after.RowBytes(y);
        return old.SequenceEqual(now) ? before.Width
            : before.Bits == 8 ? Count(MemoryMarshal.Cast<byte, uint>(old), MemoryMarshal.Cast<byte, uint>(now))
            : Count(MemoryMarshal.Cast<byte, ulong>(old), MemoryMarshal.Cast<byte, ulong>(now));

        static long Count<TPixel>(ReadOnlySpan<TPixel> old, ReadOnlySpan<TPixel> now)
            where TPixel : unmanaged, IEquatable<TPixel>
        {
            var count = 0;
            for (var x = 0; x < old.Length; x++)
            {
                count += old[x].Equals(now[x]) ? 1 : 0;
            }
            return count;
        }
    }

    /// <summary>The runs of a mask's row that are zero.</summary>
    private ref struct UnchangedRuns(ReadOnlySpan<byte> mask)
    {
        private readonly ReadOnlySpan<byte> _mask = mask;
        private int _next;

        public (int Start, int Length) Current { get; private set; }

        public readonly UnchangedRuns GetEnumerator() => this;

        public bool MoveNext()
        {
            var start = _mask[_next..].IndexOf((byte)0);
            if (start < 0)
            {
                return false;
            }
            start += _next;
            var length = _mask[start..].IndexOfAnyExcept((byte)0);
            length = length < 0 ? _mask.Length - start : length;
            Current = (start, length);
            _next = start + length;
            return true;
        }
    }
}
