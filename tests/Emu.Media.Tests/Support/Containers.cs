using System.Buffers.Binary;
using System.Text;

namespace Emu.Media.Tests.Support;

/// <summary>Reads just enough of the containers to check loop flags, durations and order, independently of ffmpeg.</summary>
internal static class Containers
{
    public static List<string> Mp4Boxes(byte[] file)
    {
        var boxes = new List<string>();
        for (var at = 0; at < file.Length;)
        {
            boxes.Add(Encoding.ASCII.GetString(file, at + 4, 4));
            at += BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
        }
        return boxes;
    }

    /// <summary>Loop count (0: for ever; null: no NETSCAPE block) and each frame's time in hundredths of a second.</summary>
    public static (int? Loops, List<int> Delays) Gif(byte[] file)
    {
        int? loops = null;
        var delays = new List<int>();
        var at = 13 + ((file[10] & 0x80) != 0 ? 3 << ((file[10] & 7) + 1) : 0);
        while (file[at] != 0x3B)
        {
            if (file[at] == 0x21)
            {
                if (file[at + 1] == 0xFF && Encoding.ASCII.GetString(file, at + 3, 11) == "NETSCAPE2.0")
                {
                    loops = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 16));
                }
                else if (file[at + 1] == 0xF9)
                {
                    delays.Add(BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 4)));
                }
                at = SkipBlocks(file, at + 2);
            }
            else
            {
                Assert.Equal(0x2C, file[at]);
                at = SkipBlocks(file, at + 11 + ((file[at + 9] & 0x80) != 0 ? 3 << ((file[at + 9] & 7) + 1) : 0));
            }
        }
        return (loops, delays);
    }

    /// <summary>Plays (0: for ever), frames as announced, and the sum of the frames' times in seconds.</summary>
    public static (int Plays, int Frames, double Seconds) Apng(byte[] file)
    {
        var (plays, frames, seconds) = (-1, -1, 0.0);
        for (var at = 8; at < file.Length;)
        {
            var data = file.AsSpan(at + 8);
            switch (Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "acTL":
                    (frames, plays) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                    break;
                case "fcTL":
                    double divisor = BinaryPrimitives.ReadUInt16BigEndian(data[22..]);
                    seconds += BinaryPrimitives.ReadUInt16BigEndian(data[20..]) / (divisor == 0 ? 100 : divisor);
                    break;
            }
            at += 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
        }
        return (plays, frames, seconds);
    }

    /// <summary>Loop count (0: for ever), the sum of the frames' times in milliseconds, and whether the file announces alpha.</summary>
    public static (int Loops, int Milliseconds, bool Alpha) WebP(byte[] file)
    {
        var (loops, milliseconds, alpha) = (-1, 0, false);
        for (var at = 12; at < file.Length;)
        {
            var data = file.AsSpan(at + 8);
            switch (Encoding.ASCII.GetString(file, at, 4))
            {
                case "VP8X":
                    alpha = (data[0] & 0x10) != 0;
                    break;
                case "ANIM":
                    loops = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
                    break;
                case "ANMF":
                    milliseconds += data[12] | (data[13] << 8) | (data[14] << 16);
                    break;
            }
            var size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            at += 8 + size + (size & 1);
        }
        return (loops, milliseconds, alpha);
    }

    /// <summary>How many frames an animated WebP has.</summary>
    public static int WebPFrames(byte[] file)
    {
        var frames = 0;
        for (var at = 12; at < file.Length;)
        {
            frames += Encoding.ASCII.GetString(file, at, 4) == "ANMF" ? 1 : 0;
            var size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            at += 8 + size + (size & 1);
        }
        return frames;
    }

    private static int SkipBlocks(byte[] file, int at)
    {
        while (file[at] != 0)
        {
            at += file[at] + 1;
        }
        return at + 1;
    }
}
