using Emu.Local.CommandLine;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>The user's picture, recognised and measured before anything is made of it.</summary>
internal static class InputPictureFile
{
    /// <summary>Reads and checks a picture.</summary>
    /// <exception cref="CommandFailedException">The file is not accepted as a picture; the message names it and what is accepted.</exception>
    public static async Task<InputPicture> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var limits = new PictureLimits();
        if (new FileInfo(path).Length > limits.MaximumBytes)
        {
            throw new CommandFailedException($"{path}: The file is too large. Accepted: at most {limits.MaximumBytes / 1_000_000} MB.");
        }

        var content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return InputPicture.Of(content, new PictureReader(limits).Inspect(content).Format);
        }
        catch (InvalidPictureException exception)
        {
            throw new CommandFailedException($"{path}: {exception.Message}", exception);
        }
    }
}
