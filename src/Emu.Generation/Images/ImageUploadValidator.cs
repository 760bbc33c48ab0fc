using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Images;

/// <summary>Checks untrusted images by decoding them; as many at once as there are processors. Safe for concurrent use.</summary>
public sealed class ImageUploadValidator : IImageValidator, IDisposable
{
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);

    /// <summary>Recognises a file by its header, without decoding it.</summary>
    /// <exception cref="InvalidJobException">It is not accepted.</exception>
    public static InputPicture Identify(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        try
        {
            return Accepted(file, ReaderFor(limits).Inspect(file));
        }
        catch (InvalidPictureException exception)
        {
            throw Refused(exception);
        }
    }

    /// <inheritdoc/>
    public async Task<InputPicture> ValidateAsync(ReadOnlyMemory<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var reader = ReaderFor(limits);
        try
        {
            var header = reader.Inspect(file);
            await _decoding.WaitAsync(cancellationToken);
            try
            {
                await reader.ReadAsync(file, cancellationToken);
            }
            finally
            {
                _decoding.Release();
            }

            return Accepted(file, header);
        }
        catch (InvalidPictureException exception)
        {
            throw Refused(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decoding.Dispose();

    private static PictureReader ReaderFor(ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new PictureReader(new PictureLimits { MaximumBytes = limits.MaximumBytes, MaximumPixels = limits.MaximumPixels });
    }

    private static InputPicture Accepted(ReadOnlyMemory<byte> file, PictureHeader header) =>
        new(file, header.Format.Extension().TrimStart('.'), new FrameSize(header.OrientedWidth, header.OrientedHeight));

    private static InvalidJobException Refused(InvalidPictureException exception) => new(InputPicture.Parameter, exception.Code, exception.Message, exception);
}
