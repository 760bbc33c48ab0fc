using Emu.Local.CommandLine;
using Emu.Media.Files;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>A file that a job is to write.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="IsGiven">Whether the user named it; such a file is replaced. One that was named after the prompt never is: the new one gets a number.</param>
internal sealed record OutputTarget(string Path, bool IsGiven)
{
    private const int ProbeBytes = 64 * 1024;

    /// <summary>A file that the user named.</summary>
    /// <exception cref="UsageException">Its extension names no format, or none of the target's; its folder is not there, or it is a folder itself.</exception>
    public static OutputTarget Given(JobKind kind, string path, string? target)
    {
        if (OutputFormats.Of(kind, path) is null)
        {
            var what = kind == JobKind.Video ? "video" : "picture";
            throw new UsageException($"--out '{path}' names no {what} format; {OutputFormats.AcceptedExtensions(kind)} are accepted.");
        }

        if (StickerTargets.Find(target)?.Of(kind).Formats is { } formats && !formats.Contains(OutputFormats.Of(kind, path)))
        {
            throw new UsageException($"--out '{path}': --{JobFields.Target.OptionName} {target} takes {string.Join(" or ", formats)} only.");
        }

        var full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full) || System.IO.Path.EndsInDirectorySeparator(path))
        {
            throw new UsageException($"--out '{path}' is a folder; a file name is accepted.");
        }

        var folder = System.IO.Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) ? new(full, IsGiven: true) : throw new UsageException($"--out '{path}': the folder '{folder}' does not exist.");
    }

    /// <summary>A file in the working folder, named after the prompt and the seed.</summary>
    public static OutputTarget Named(string prompt, long seed, string extension) =>
        new(System.IO.Path.GetFullPath(OutputName.Of(prompt, seed, extension)), IsGiven: false);

    /// <summary>A file in the working folder, named after the picture that is edited.</summary>
    public static OutputTarget Edited(string picture, string extension) =>
        new(System.IO.Path.GetFullPath(System.IO.Path.GetFileNameWithoutExtension(picture) + "-edited" + extension), IsGiven: false);

    /// <summary>Tries whether the file can be written, and leaves nothing behind.</summary>
    /// <exception cref="CommandFailedException">It cannot: the disk is full or read-only, a permission is missing, the name is too long.</exception>
    public void Probe()
    {
        try
        {
            using (var temporary = TemporaryFile.For(Path))
            {
                File.WriteAllBytes(temporary.Path, new byte[ProbeBytes]);
            }

            if (new FileInfo(Path) is { Exists: false, LinkTarget: null })
            {
                // The name itself may be too long, or not allowed here.
                File.Create(Path, 1, FileOptions.DeleteOnClose).Dispose();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(Describe(exception), exception);
        }
    }

    /// <summary>What kept the file from being written, with its name.</summary>
    public string Describe(Exception exception) => IsGiven
        ? $"--out '{Path}' cannot be written: {OutputFiles.ReasonOf(exception)}."
        : $"'{Path}' cannot be written: {OutputFiles.ReasonOf(exception)}. Name another file with --out.";
}

/// <summary>Copies a finished job's files to where the user wants them.</summary>
internal static class OutputFiles
{
    /// <summary>Writes every file of an order that can be written; each appears whole or not at all.</summary>
    /// <returns>The files written, and a sentence about each that could not be.</returns>
    public static async Task<(IReadOnlyList<JobOutput> Written, IReadOnlyList<string> Problems)> WriteAsync(JobService jobs, JobRecord job, GenerationOrder order, CancellationToken cancellationToken)
    {
        var request = job.Request;
        var isVideo = request.Kind == JobKind.Video;
        var frames = isVideo ? (int)Math.Round(request.Seconds * request.FramesPerSecond) : 1;
        var (written, problems) = (new List<JobOutput>(), new List<string>());
        foreach (var target in order.Outputs)
        {
            var file = job.Files!.Single(candidate => candidate.Variant == order.FormatOf(target));
            try
            {
                await using var source = await jobs.OpenFileAsync(file, cancellationToken);
                var path = await CopyAsync(source, target.Path, target.IsGiven, cancellationToken);
                var facts = file.Media ?? new MediaFacts(request.Size.Width, request.Size.Height, frames, isVideo ? request.Seconds : null);
                written.Add(new(path, file.Variant, facts.Width, facts.Height, facts.Frames, facts.Seconds, file.Length));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems.Add(target.Describe(exception));
            }
        }

        return (written, problems);
    }

    /// <summary>Copies a stream to a temporary file, which is then moved into place.</summary>
    /// <param name="source">The content.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="replace">Whether it replaces what is there; otherwise it gets the next free number.</param>
    /// <param name="cancellationToken">Ends the copying; nothing is left.</param>
    /// <returns>The path that was written.</returns>
    public static async Task<string> CopyAsync(Stream source, string path, bool replace, CancellationToken cancellationToken)
    {
        using var temporary = TemporaryFile.For(path);
        await using (var destination = File.Create(temporary.Path))
        {
            await source.CopyToAsync(destination, cancellationToken);
        }

        if (replace)
        {
            temporary.Keep();
            return path;
        }

        for (var number = 1; ; number++)
        {
            var free = OutputName.Numbered(path, number);
            try
            {
                File.Move(temporary.Path, free, overwrite: false);
                return free;
            }
            catch (IOException) when (System.IO.Path.Exists(free))
            {
                // Another result has that name, perhaps since a moment ago.
            }
        }
    }

    /// <summary>Why a file could not be written, without the name of a temporary one.</summary>
    public static string ReasonOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "permission is denied",
        PathTooLongException => "the name is too long",
        FileNotFoundException => "its folder takes no files",
        // .NET writes the system's words, then the path.
        _ => exception.Message.Split(" : '")[0].TrimEnd('.'),
    };
}
