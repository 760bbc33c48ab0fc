using Emu.Local.CommandLine;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>A job to be queued.</summary>
/// <param name="Draft">What is asked for.</param>
/// <param name="Picture">The picture it begins with, if any.</param>
/// <param name="Place">Where it was read, for messages, with a colon behind; empty for the command line.</param>
internal sealed record BatchedJob(JobDraft Draft, InputPicture? Picture, string Place = "")
{
    /// <summary>Reads and checks a picture.</summary>
    /// <exception cref="UsageException">There is no such file, or it is no picture that is accepted.</exception>
    public static async Task<InputPicture> ReadPictureAsync(string path, CancellationToken cancellationToken)
    {
        var limits = new PictureLimits();
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new UsageException($"there is no picture '{path}'.");
        }

        if (file.Length > limits.MaximumBytes)
        {
            throw new UsageException($"{path}: the file has {file.Length} bytes; at most {limits.MaximumBytes} are accepted.");
        }

        var content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            var reader = new PictureReader(limits);
            await reader.ReadAsync(content, cancellationToken).ConfigureAwait(false);
            return InputPicture.Of(content, reader.Inspect(content).Format);
        }
        catch (InvalidPictureException exception)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }
    }
}
