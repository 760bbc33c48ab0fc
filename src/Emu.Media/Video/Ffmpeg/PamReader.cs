using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Threading.Channels;
using Emu.Media.Pictures;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>
/// Reads a stream of PAM pictures (netpbm's P7): a few lines of text, then RGBA samples as they are. Each frame says its own
/// size, so that nothing needs to be known of a video before it is read.
/// </summary>
internal static class PamReader
{
    private const int MaximumHeader = 512;

    private static ReadOnlySpan<byte> HeaderEnd => "ENDHDR\n"u8;

    /// <summary>Reads frames until the stream ends.</summary>
    /// <exception cref="InvalidDataException">The stream is not whole PAM pictures of four 8-bit channels.</exception>
    public static async Task ReadAllAsync(Stream stream, ChannelWriter<Picture> frames, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        try
        {
            while (await ReadHeaderAsync(reader, cancellationToken) is var (width, height))
            {
                var samples = new byte[Picture.SampleCount(width, height)];
                for (var filled = 0; filled < samples.Length;)
                {
                    var result = await reader.ReadAsync(cancellationToken);
                    var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, samples.Length - filled));
                    part.CopyTo(samples.AsSpan(filled));
                    filled += (int)part.Length;
                    reader.AdvanceTo(part.End);
                    if (result.IsCompleted && part.IsEmpty)
                    {
                        throw new InvalidDataException($"A frame of {width}x{height} ended after {filled} of {samples.Length} bytes.");
                    }
                }
                await frames.WriteAsync(Picture.Adopt(width, height, samples), cancellationToken);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async ValueTask<(int Width, int Height)?> ReadHeaderAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var start = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaximumHeader)).ToArray();
            var end = start.AsSpan().IndexOf(HeaderEnd);
            if (end >= 0)
            {
                var size = Parse(start.AsSpan(0, end));
                reader.AdvanceTo(result.Buffer.GetPosition(end + HeaderEnd.Length));
                return size;
            }
            if (result.IsCompleted && result.Buffer.IsEmpty)
            {
                return null;
            }
            if (result.IsCompleted || start.Length == MaximumHeader)
            {
                throw new InvalidDataException("A frame's header is not PAM.");
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static (int Width, int Height) Parse(ReadOnlySpan<byte> header)
    {
        return header.StartsWith("P7\n"u8) && Field(header, "DEPTH "u8) == Picture.Channels && Field(header, "MAXVAL "u8) == byte.MaxValue
            ? (Field(header, "WIDTH "u8), Field(header, "HEIGHT "u8))
            : throw new InvalidDataException("A frame is not PAM with four 8-bit channels.");
    }

    private static int Field(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        var at = header.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(header[(at + name.Length)..], out int value, out _)
            ? value
            : throw new InvalidDataException("A frame's PAM header lacks a field.");
    }
}
