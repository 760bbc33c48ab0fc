using Emu.Media.Files;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>Brings a finished job's files to where the user wants them.</summary>
internal static class OutputFiles
{
    /// <summary>Writes every file that was ordered; each appears whole or not at all.</summary>
    public static async Task<IReadOnlyList<JobOutput>> WriteAsync(JobService jobs, JobRecord job, GenerationOrder order, CancellationToken cancellationToken)
    {
        var request = job.Request;
        var isVideo = request.Kind == JobKind.Video;
        var frames = isVideo ? (int)Math.Round(request.Seconds * request.FramesPerSecond) : 1;
        var outputs = new List<JobOutput>();
        foreach (var path in order.Outputs)
        {
            var file = job.Files!.Single(candidate => candidate.Variant == order.FormatOf(path));
            var source = await jobs.OpenFileAsync(file, cancellationToken);
            await using (source)
            {
                await CopyAsync(source, path, cancellationToken);
            }

            outputs.Add(new(path, file.Variant, request.Size.Width, request.Size.Height, frames, isVideo ? request.Seconds : null, file.Length));
        }

        return outputs;
    }

    /// <summary>Copies a stream to a file by way of a temporary one beside it.</summary>
    public static async Task CopyAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        using var temporary = TemporaryFile.For(path);
        var destination = File.Create(temporary.Path);
        await using (destination)
        {
            await source.CopyToAsync(destination, cancellationToken);
        }

        temporary.Keep();
    }
}
