using System.Text;
using Emu.Api.Errors;
using Emu.Api.Jobs;
using Emu.Api.Requests;
using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>A job to be queued.</summary>
/// <param name="Draft">The job.</param>
/// <param name="Pictures">The picture it begins with or edits, if any, and an edit's mask and background.</param>
/// <param name="Place">Where it was read, for messages, with a colon at the end; empty for the command line.</param>
internal sealed record BatchedJob(JobDraft Draft, JobPictures Pictures, string Place = "");

/// <summary>Reads a batch of jobs: one JSON object a line, with the fields that the API takes, and <c>kind</c> and pictures.</summary>
internal static class JobBatch
{
    private static readonly string[] Kinds = ["video", "image", "edit"];

    private static readonly RequestField[] ExtraFields =
    [
        RequestField.Word("kind", "What to make.", Kinds),
        RequestField.Text("image", "The path of a picture to animate or edit, relative to the batch file."),
        RequestField.Text("mask", "The path of an edit's mask."),
        RequestField.Text("background", "The path of an edit's background."),
    ];

    /// <summary>Reads a file, or standard input for <c>-</c>; empty lines are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="defaults">The values of fields that a line does not have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">The file does not exist, or a line is not a job; the message names the line.</exception>
    public static async Task<IReadOnlyList<BatchedJob>> ReadAsync(string path, JobDraft defaults, CancellationToken cancellationToken)
    {
        if (path != "-" && !File.Exists(path))
        {
            throw new UsageException($"--file: there is no file '{path}'.");
        }

        using var reader = path == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(path);
        var folder = path == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var jobs = new List<BatchedJob>();
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                jobs.Add(await ParseAsync(line, $"{path}, line {number}: ", folder, defaults, cancellationToken));
            }
        }

        return jobs.Count > 0 ? jobs : throw new UsageException($"--file: '{path}' holds no job.");
    }

    private static async Task<BatchedJob> ParseAsync(string line, string place, string folder, JobDraft defaults, CancellationToken cancellationToken)
    {
        try
        {
            var job = JobJson.Read(Encoding.UTF8.GetBytes(line), fields => DefaultsOf(fields, defaults), ExtraFields);
            var pictures = new JobPictures { Input = await ReadAsync("image"), Mask = await ReadAsync("mask"), Background = await ReadAsync("background") };
            return job.Draft.Kind != JobKind.Edit && (pictures.Mask ?? pictures.Background) is not null
                ? throw new UsageException($"{place}only an edit has a mask or a background; say \"kind\": \"edit\".")
                : new BatchedJob(job.Draft with { Prompt = job.Draft.Prompt.Trim() }, pictures, place);

            async Task<InputPicture?> ReadAsync(string field) => job.Fields.Text(field) is { } path ? await ReadPictureAsync(Path.Combine(folder, path), place, cancellationToken) : null;
        }
        catch (ApiException exception)
        {
            throw new UsageException($"{place}{exception.Message}");
        }
    }

    private static JobDraft DefaultsOf(RequestFields fields, JobDraft defaults) => fields.Word("kind", Kinds) switch
    {
        "image" => defaults with { Kind = JobKind.Image },
        "video" => defaults with { Kind = JobKind.Video },
        "edit" => defaults with { Kind = JobKind.Edit },
        _ => defaults,
    };

    private static Task<InputPicture> ReadPictureAsync(string path, string place, CancellationToken cancellationToken) =>
        File.Exists(path) ? InputPictureFile.ReadAsync(path, cancellationToken) : throw new UsageException($"{place}there is no picture '{path}'.");
}
