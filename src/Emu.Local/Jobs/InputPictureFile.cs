using Emu.Generation.Images;
using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>A picture that the command line names.</summary>
internal static class InputPictureFile
{
    /// <summary>Reads a picture and checks its header; the stage that uses it decodes it.</summary>
    /// <exception cref="CommandFailedException">The file is not accepted as a picture; the message names it and what is accepted.</exception>
    public static async Task<InputPicture> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var limits = ImageLimits.Default;
        if (new FileInfo(path).Length > limits.MaximumBytes)
        {
            throw new CommandFailedException($"{path}: The file is too large. Accepted: at most {limits.MaximumBytes / 1_000_000} MB.");
        }

        try
        {
            return ImageUploadValidator.Identify(await File.ReadAllBytesAsync(path, cancellationToken), limits);
        }
        catch (InvalidJobException exception)
        {
            throw new CommandFailedException($"{path}: {exception.Message}", exception);
        }
    }
}
