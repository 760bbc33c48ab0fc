using System.Diagnostics;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Codecs;

/// <summary>Reads untrusted images: the format and size are checked first, decoding is limited, and the EXIF orientation is applied.</summary>
/// <param name="limits">What is accepted.</param>
public sealed class PictureReader(PictureLimits? limits = null)
{
    private readonly PictureLimits _limits = limits ?? new PictureLimits();

    /// <summary>Recognises a file and checks it against the limits, without decoding it.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public PictureHeader Inspect(ReadOnlyMemory<byte> file) => Recognize(file).Header;

    private RecognizedPicture Recognize(ReadOnlyMemory<byte> file)
    {
        if (file.Length > _limits.MaximumBytes)
        {
            throw TooManyBytes();
        }
        var picture = PictureRecognition.Read(file);
        var header = picture.Header;
        if ((long)header.Width * header.Height > _limits.MaximumPixels)
        {
            throw new InvalidPictureException(
                PictureErrorCode.TooManyPixels,
                $"The picture is {header.Width}x{header.Height}, {(double)header.Width * header.Height / 1e6:0.#} megapixels. Accepted: at most {_limits.MaximumPixels / 1e6:0.######} megapixels.");
        }
        PictureLimits.CheckProportions(header.Width, header.Height, _limits.MaximumProportion);
        return picture;
    }

    /// <summary>Reads a picture from a file's bytes.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public async Task<Picture> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        var recognized = Recognize(file);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_limits.DecodeTime);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var picture = await Task.Run(() => PictureDecoder.DecodeAsync(recognized, deadline.Token), CancellationToken.None);
            return picture.Oriented(recognized.Header.Orientation);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(exception);
        }
        catch (InvalidPictureException exception) when (Stopwatch.GetElapsedTime(started) > _limits.DecodeTime)
        {
            // On a busy machine the timer may be later than the decoder's own end.
            cancellationToken.ThrowIfCancellationRequested();
            throw TooSlow(exception);
        }
    }

    private InvalidPictureException TooSlow(Exception exception) =>
        new(PictureErrorCode.TooSlow, $"Decoding took longer than {_limits.DecodeTime.TotalSeconds:0.###} s. Send a simpler or smaller picture.", exception);

    /// <summary>Reads a picture from a stream, which is read to its end or the limit.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public async Task<Picture> ReadAsync(Stream source, CancellationToken cancellationToken = default) =>
        await ReadAsync(await ReadBytesAsync(source, cancellationToken), cancellationToken);

    /// <summary>Reads a picture from a file.</summary>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<Picture> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var source = File.OpenRead(path);
        return await ReadAsync(source, cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>> ReadBytesAsync(Stream source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.CanSeek && source.Length - source.Position > _limits.MaximumBytes)
        {
            throw TooManyBytes();
        }
        using var file = new MemoryStream(source.CanSeek ? (int)(source.Length - source.Position) : 0);
        var buffer = new byte[1 << 16];
        while (await source.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (file.Length + count > _limits.MaximumBytes)
            {
                throw TooManyBytes();
            }
            file.Write(buffer, 0, count);
        }
        return file.GetBuffer().AsMemory(0, (int)file.Length);
    }

    private InvalidPictureException TooManyBytes() =>
        new(PictureErrorCode.TooManyBytes, $"The file is too large. Accepted: at most {_limits.MaximumBytes / 1e6:0.######} MB.");
}
