using System.Diagnostics;
using Emu.Media.Pictures;
using Emu.Media.Recognition;

namespace Emu.Media.Codecs;

/// <summary>What every reader of untrusted pictures does alike: bytes and size are checked before decoding, and decoding is limited in time.</summary>
/// <param name="limits">What is accepted.</param>
internal sealed class PictureFileReader(PictureLimits limits)
{
    /// <summary>Recognises a file and checks it against the limits, without decoding it.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidPictureException">It is not accepted.</exception>
    public RecognizedPicture Recognize(ReadOnlyMemory<byte> file)
    {
        if (file.Length > limits.MaximumBytes)
        {
            throw TooManyBytes();
        }
        var picture = PictureRecognition.Read(file);
        var header = picture.Header;
        if ((long)header.Width * header.Height > limits.MaximumPixels)
        {
            throw new InvalidPictureException(
                PictureErrorCode.TooManyPixels,
                $"The picture is {header.Width}x{header.Height}, {(double)header.Width * header.Height / 1e6:0.#} megapixels. Accepted: at most {limits.MaximumPixels / 1e6:0.######} megapixels.");
        }
        if (Math.Min(header.Width, header.Height) < limits.MinimumSide)
        {
            throw new InvalidPictureException(
                PictureErrorCode.TooSmall,
                $"The picture is {header.Width}x{header.Height}. Accepted: sides of at least {limits.MinimumSide} pixels.");
        }
        PictureLimits.CheckProportions(header.Width, header.Height, limits.MaximumProportion);
        return picture;
    }

    /// <summary>Decodes on another thread, within the time that is accepted.</summary>
    /// <param name="decode">Decodes; its token is cancelled when the time is over.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidPictureException">It takes longer.</exception>
    public async Task<T> WithinTimeAsync<T>(Func<CancellationToken, Task<T>> decode, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limits.DecodeTime);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await Task.Run(() => decode(deadline.Token), CancellationToken.None);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(exception);
        }
        catch (InvalidPictureException exception) when (Stopwatch.GetElapsedTime(started) > limits.DecodeTime)
        {
            // On a busy machine the timer may be later than the decoder's own end.
            cancellationToken.ThrowIfCancellationRequested();
            throw TooSlow(exception);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidPictureException">There are more bytes than accepted.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBytesAsync(Stream source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.CanSeek && source.Length - source.Position > limits.MaximumBytes)
        {
            throw TooManyBytes();
        }
        using var file = new MemoryStream(source.CanSeek ? (int)(source.Length - source.Position) : 0);
        var buffer = new byte[1 << 16];
        while (await source.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (file.Length + count > limits.MaximumBytes)
            {
                throw TooManyBytes();
            }
            file.Write(buffer, 0, count);
        }
        return file.GetBuffer().AsMemory(0, (int)file.Length);
    }

    private InvalidPictureException TooSlow(Exception exception) =>
        new(PictureErrorCode.TooSlow, $"Decoding took longer than {limits.DecodeTime.TotalSeconds:0.###} s. Send a simpler or smaller picture.", exception);

    private InvalidPictureException TooManyBytes() =>
        new(PictureErrorCode.TooManyBytes, $"The file is too large. Accepted: at most {limits.MaximumBytes / 1e6:0.######} MB.");
}
