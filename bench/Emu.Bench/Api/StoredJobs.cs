using System.Globalization;
using System.Text.Json;
using Emu.Local.Hosting;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Bench.Api;

/// <summary>Fills a data folder with ended jobs, as files: what a store holds after a busy week.</summary>
internal static class StoredJobs
{
    /// <summary>Writes the jobs.</summary>
    /// <returns>Their ids.</returns>
    public static string[] Write(DataFolder data, int count, CancellationToken cancellationToken)
    {
        var ids = new string[count];
        var first = DateTimeOffset.UtcNow.AddHours(-1);
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            var id = JobId.New(JobKind.Video, first.AddMilliseconds(index * 10));
            ids[index] = id.ToString();
            Write(data, JobNames.Record(ids[index]), JsonSerializer.SerializeToUtf8Bytes(Record(id, index), PipelineJson.Options));
            Write(data, JobNames.IndexEntry(Owner.Local, JobOrder.NewestFirst, id), []);
            Write(data, JobNames.IndexEntry(Owner.Local, JobOrder.OldestFirst, id), []);
        });
        return ids;
    }

    private static JobRecord Record(JobId id, int index) => new()
    {
        Id = id.ToString(),
        Owner = Owner.Local,
        State = JobState.Completed,
        CreatedAt = id.CreatedAt,
        EndedAt = id.CreatedAt.AddSeconds(40),
        ExpiresAt = id.CreatedAt.AddDays(7),
        Request = new JobRequest
        {
            Kind = JobKind.Video,
            Prompt = string.Create(CultureInfo.InvariantCulture, $"a happy fox with {index} balloons on a blue background"),
            Model = ParkedStage.Capabilities.Name,
            Size = new FrameSize(512, 512),
            Seconds = 4,
            FramesPerSecond = 16,
            Seed = index,
            Steps = 25,
            Formats = ["mp4"],
            Metadata = new Dictionary<string, string> { ["order"] = index.ToString(CultureInfo.InvariantCulture) },
        },
        Files =
        [
            new JobFile("mp4", $"jobs/{id}/encode/0123456789ab/video.mp4", "video/mp4", 123_456, new string('a', 64)),
            new JobFile("thumbnail", $"jobs/{id}/encode/0123456789ab/thumbnail.webp", "image/webp", 2_345, new string('b', 64)),
            new JobFile("spritesheet", $"jobs/{id}/encode/0123456789ab/spritesheet.jpg", "image/jpeg", 34_567, new string('c', 64)),
        ],
    };

    private static void Write(DataFolder data, string name, byte[] content)
    {
        var path = Path.Combine(data.Store, name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
