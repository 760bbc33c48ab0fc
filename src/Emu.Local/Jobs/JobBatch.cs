using System.Text.Json;
using Emu.Local.CommandLine;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>Reads a batch of jobs: one JSON object a line, with the fields the API takes.</summary>
internal static class JobBatch
{
    private static readonly string[] Fields = [.. typeof(BatchLine).GetProperties().Where(property => property.Name != "EqualityContract").Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    /// <summary>Reads a file, or standard input for <c>-</c>; empty lines are passed over.</summary>
    /// <exception cref="UsageException">The file is not there, or a line is no job; the message names the line.</exception>
    public static async Task<IReadOnlyList<BatchedJob>> ReadAsync(string path, CancellationToken cancellationToken)
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
                jobs.Add(await ParseAsync(line, $"{path}, line {number}: ", folder, cancellationToken));
            }
        }

        return jobs.Count > 0 ? jobs : throw new UsageException($"--file: '{path}' holds no job.");
    }

    private static async Task<BatchedJob> ParseAsync(string line, string place, string folder, CancellationToken cancellationToken)
    {
        BatchLine parsed;
        try
        {
            var element = JsonElement.Parse(line);
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw new UsageException($"{place}a job is a JSON object, for example {{\"prompt\": \"a duck\"}}.");
            }

            if (element.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !Fields.Contains(name)) is { } unknown)
            {
                throw new UsageException($"{place}'{unknown}' is no field of a job: accepted are {string.Join(", ", Fields)}.");
            }

            parsed = element.Deserialize<BatchLine>(PipelineJson.Options)!;
        }
        catch (JsonException exception)
        {
            throw new UsageException(exception.Path is { Length: > 2 } path ? $"{place}'{path[2..]}' is of the wrong type." : $"{place}this is not JSON: {exception.Message}");
        }

        var picture = parsed.Image is { } image ? await ReadPictureAsync(Path.Combine(folder, image), place, cancellationToken) : null;
        return new BatchedJob(parsed.ToDraft(), picture, place);
    }

    private static Task<InputPicture> ReadPictureAsync(string path, string place, CancellationToken cancellationToken) =>
        File.Exists(path) ? InputPictureFile.ReadAsync(path, cancellationToken) : throw new UsageException($"{place}there is no picture '{path}'.");

    private sealed record BatchLine
    {
        public JobKind Kind { get; init; } = JobKind.Video;

        public string Prompt { get; init; } = "";

        public string? Image { get; init; }

        public string? Model { get; init; }

        public FrameSize? Size { get; init; }

        public double? Seconds { get; init; }

        public long? Seed { get; init; }

        public int? Steps { get; init; }

        public double? Guidance { get; init; }

        public double? ImageGuidance { get; init; }

        public string? NoiseScheduler { get; init; }

        public bool Transparent { get; init; }

        public IReadOnlyList<string> Formats { get; init; } = [];

        public DateTimeOffset? Deadline { get; init; }

        public Dictionary<string, string> Metadata { get; init; } = [];

        public string? WebhookUrl { get; init; }

        public JobDraft ToDraft() => new()
        {
            Kind = Kind,
            Prompt = Prompt.Trim(),
            Model = Model,
            Size = Size,
            Seconds = Seconds,
            Seed = Seed,
            Steps = Steps,
            Guidance = Guidance,
            ImageGuidance = ImageGuidance,
            NoiseScheduler = NoiseScheduler,
            Transparent = Transparent,
            Formats = Formats,
            Deadline = Deadline,
            Metadata = Metadata,
            WebhookUrl = WebhookUrl,
        };
    }
}
