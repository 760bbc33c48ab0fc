using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Tests.Support;

/// <summary>Frames that differ from one another and have every kind of alpha.</summary>
internal static class Frames
{
    /// <summary>A red disc with a soft edge going round, on nothing.</summary>
    public static Picture Disc(int width, int height, int index, int count) => Picture.Create(width, height, (width, height, index, count), static (samples, s) =>
    {
        var angle = 2 * Math.PI * s.index / s.count;
        var (cx, cy) = ((s.width / 2.0) + (s.width / 5.0 * Math.Cos(angle)), (s.height / 2.0) + (s.height / 5.0 * Math.Sin(angle)));
        var radius = Math.Min(s.width, s.height) / 4.0;
        for (var i = 0; i < samples.Length; i += 4)
        {
            var (y, x) = Math.DivRem(i / 4, s.width);
            var distance = Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)));
            var alpha = Math.Clamp((radius - distance) + 0.5, 0, 1);
            (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = alpha == 0 ? default : ((byte)220, (byte)30, (byte)(x & 31), (byte)(alpha * 255));
        }
    });

    public static IEnumerable<Picture> Loop(int width, int height, int count) => Enumerable.Range(0, count).Select(i => Disc(width, height, i, count));

    /// <summary>A loop of a shaded ball with a fine texture and traces of alpha around it: as hard to make small as a sticker.</summary>
    public static IEnumerable<Picture> Grainy(int side, int count) => Enumerable.Range(0, count).Select(index => Picture.Create(side, side, (index, count, side), static (samples, s) =>
    {
        var random = new Random(s.index);
        var angle = 2 * Math.PI * s.index / s.count;
        var (cx, cy, radius) = (s.side * (0.5 + (0.15 * Math.Cos(angle))), s.side * (0.5 + (0.15 * Math.Sin(angle))), s.side * 0.3);
        for (var i = 0; i < samples.Length; i += 4)
        {
            var (y, x) = Math.DivRem(i / 4, s.side);
            var distance = Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)));
            var grain = random.Next(12);
            samples[i] = (byte)(220 - (100 * distance / s.side) + grain);
            samples[i + 1] = (byte)(60 + (120.0 * x / s.side) + grain);
            samples[i + 2] = (byte)(40 + (150.0 * y / s.side) + grain);
            samples[i + 3] = distance < radius ? (byte)(255 - random.Next(6)) : (byte)random.Next(6);
        }
    }));

    /// <summary>Bytes without order, from a seed: also colour under alpha 0.</summary>
    public static Picture Noise(int width, int height, int seed) => Picture.Create(width, height, seed, static (samples, seed) =>
    {
        new Random(seed).NextBytes(samples);
        for (var i = 3; i < samples.Length; i += 16)
        {
            samples[i] = 0;
        }
    });

    /// <summary>Frames for ever, each after a pause.</summary>
    public static async IAsyncEnumerable<Picture> Endless(Picture frame, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            yield return frame;
            await Task.Delay(1, cancellationToken);
        }
    }
}
