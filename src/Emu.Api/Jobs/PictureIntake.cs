using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>Looks at a client's picture before anything is stored: recognised, measured, and decoded once, a few at a time.</summary>
public sealed class PictureIntake : IDisposable
{
    private readonly PictureReader reader;
    private readonly SemaphoreSlim decoding = new(Environment.ProcessorCount);

    /// <summary>Creates an intake.</summary>
    public PictureIntake(ApiLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        reader = new PictureReader(new PictureLimits { MaximumBytes = limits.MaximumPictureBytes, MaximumPixels = limits.MaximumPicturePixels });
    }

    /// <summary>Accepts a picture.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    /// <exception cref="ApiException">400: it is none, or none that is accepted.</exception>
    public async Task<InputPicture> TakeAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        try
        {
            var header = reader.Inspect(file.Span);
            await decoding.WaitAsync(cancellationToken);
            try
            {
                await reader.ReadAsync(file, cancellationToken);
            }
            finally
            {
                decoding.Release();
            }

            return InputPicture.Of(file, header.Format);
        }
        catch (InvalidPictureException exception)
        {
            throw new ApiException(400, exception.Code, exception.Message, PictureReference.Name, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => decoding.Dispose();
}
