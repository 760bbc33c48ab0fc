using Emu.Local.CommandLine;
using Emu.Media.Files;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>Where results go: checked before any work is done.</summary>
internal static class OutputPath
{
    private const int MaximumNameLength = 60;

    /// <summary>The full path of a file to be written.</summary>
    /// <exception cref="UsageException">Its extension names no format, its folder is not there, or it is a folder itself.</exception>
    public static string Check(JobKind kind, string path)
    {
        if (OutputFormats.Of(kind, path) is null)
        {
            var what = kind == JobKind.Video ? "video" : "picture";
            throw new UsageException($"--out '{path}' names no {what} format; {OutputFormats.AcceptedExtensions(kind)} are accepted.");
        }

        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
        {
            throw new UsageException($"--out '{path}' is a folder; a file name is accepted.");
        }

        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) ? full : throw new UsageException($"--out '{path}': the folder '{folder}' does not exist.");
    }

    /// <summary>A file name made of the prompt's words and the seed: <c>a-duck-on-a-blue-background-7.mp4</c>.</summary>
    public static string Default(string prompt, long seed, string extension)
    {
        var words = new string([.. prompt.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')])
            .Split('-', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('-', words);
        name = name.Length > MaximumNameLength ? name[..MaximumNameLength].TrimEnd('-') : name;
        return Path.GetFullPath($"{(name.Length == 0 ? "emu" : name)}-{seed}{extension}");
    }
}

/// <summary>Copies a finished job's files to where the user wants them.</summary>
internal static class OutputFiles
{
    /// <summary>Writes every file of an order; each appears whole or not at all.</summary>
    public static async Task<IReadOnlyList<JobOutput>> WriteAsync(JobService jobs, JobRecord job, GenerationOrder order, CancellationToken cancellationToken)
    {
        var request = job.Request;
        var isVideo = request.Kind == JobKind.Video;
        var frames = isVideo ? (int)Math.Round(request.Seconds * request.FramesPerSecond) : 1;
        var outputs = new List<JobOutput>();
        foreach (var path in order.Outputs)
        {
            var file = job.Files!.Single(candidate => candidate.Variant == order.FormatOf(path));
            await using var source = await jobs.OpenFileAsync(file, cancellationToken);
            await CopyAsync(source, path, cancellationToken);
            var facts = file.Media ?? new MediaFacts(request.Size.Width, request.Size.Height, frames, isVideo ? request.Seconds : null);
            outputs.Add(new(path, file.Variant, facts.Width, facts.Height, facts.Frames, facts.Seconds, file.Length));
        }

        return outputs;
    }

    /// <summary>Copies a stream to a temporary file, which is then moved into place.</summary>
    public static async Task CopyAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        using var temporary = TemporaryFile.For(path);
        await using (var destination = File.Create(temporary.Path))
        {
            await source.CopyToAsync(destination, cancellationToken);
        }

        temporary.Keep();
    }
}
