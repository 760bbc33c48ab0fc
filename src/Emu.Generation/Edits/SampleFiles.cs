using System.Buffers.Binary;
using Emu.Editing.Masks;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>
/// Pictures and masks between the stages of an edit, not compressed, as compressing twelve megapixels takes longer than editing
/// them: width, height and bytes a pixel as little-endian 32-bit numbers, then the samples. 16-bit samples are little-endian, as
/// every processor that ONNX Runtime runs on is.
/// </summary>
internal static class SampleFiles
{
    private const int HeaderBytes = 12;
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes a picture's samples; its metadata stay in the source.</summary>
    public static Task<StageFile> WriteAsync(StageRun run, string file, SourcePicture picture, CancellationToken cancellationToken) =>
        WriteAsync(run, file, (picture.Width, picture.Height, picture.BytesPerPixel), picture.Memory, cancellationToken);

    /// <summary>Writes a mask's values.</summary>
    public static Task<StageFile> WriteAsync(StageRun run, string file, EditMask mask, CancellationToken cancellationToken) =>
        WriteAsync(run, file, (mask.Width, mask.Height, 1), mask.Memory, cancellationToken);

    /// <summary>Reads a picture.</summary>
    /// <param name="run">The run that reads it.</param>
    /// <param name="stage">The stage that wrote it.</param>
    /// <param name="file">Its name.</param>
    /// <param name="metadata">The source's metadata.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<SourcePicture> ReadPictureAsync(StageRun run, string stage, string file, SourceMetadata metadata, CancellationToken cancellationToken)
    {
        await using var stream = await run.OpenInputAsync(stage, file, cancellationToken);
        var (width, height, bytes) = await ReadHeaderAsync(stream, file, cancellationToken);
        return await Task.Run(() => SourcePicture.Create(width, height, bytes * 8 / SourcePicture.Channels, metadata, (stream, cancellationToken), static (samples, state) => Fill(state.stream, samples, state.cancellationToken)), cancellationToken);
    }

    /// <summary>Reads a mask; null if the stage left none.</summary>
    public static async Task<EditMask?> FindMaskAsync(StageRun run, string stage, string file, CancellationToken cancellationToken)
    {
        if (run.Inputs[stage].Find(file) is null)
        {
            return null;
        }

        await using var stream = await run.OpenInputAsync(stage, file, cancellationToken);
        var (width, height, _) = await ReadHeaderAsync(stream, file, cancellationToken);
        return await Task.Run(() => EditMask.Create(width, height, (stream, cancellationToken), static (values, state) => Fill(state.stream, values, state.cancellationToken)), cancellationToken);
    }

    private static Task<StageFile> WriteAsync(StageRun run, string file, (int Width, int Height, int Bytes) shape, ReadOnlyMemory<byte> samples, CancellationToken cancellationToken) =>
        run.WriteAsync(
            file,
            async (stream, token) =>
            {
                var header = new byte[HeaderBytes];
                BinaryPrimitives.WriteInt32LittleEndian(header, shape.Width);
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), shape.Height);
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), shape.Bytes);
                await stream.WriteAsync(header, token);
                for (var start = 0; start < samples.Length; start += BlockBytes)
                {
                    await stream.WriteAsync(samples.Slice(start, Math.Min(BlockBytes, samples.Length - start)), token);
                }
            },
            cancellationToken);

    private static async Task<(int Width, int Height, int Bytes)> ReadHeaderAsync(Stream stream, string file, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var (width, height, bytes) = (BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)));
        return width > 0 && height > 0 && bytes is 1 or 4 or 8 && stream.Length == HeaderBytes + ((long)width * height * bytes)
            ? (width, height, bytes)
            : throw new ArtifactStoreException($"'{file}' is damaged: it says {width}x{height} pixels of {bytes} bytes, and has {stream.Length} bytes.", false);
    }

    private static void Fill(Stream stream, Span<byte> samples, CancellationToken cancellationToken)
    {
        while (!samples.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = samples[..Math.Min(samples.Length, BlockBytes)];
            stream.ReadExactly(block);
            samples = samples[block.Length..];
        }
    }
}
