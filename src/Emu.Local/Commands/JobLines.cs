using System.Globalization;
using System.Text.Json;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary>Jobs as lines of text or JSON.</summary>
internal static class JobLines
{
    /// <summary>Prints a job.</summary>
    public static Task PrintAsync(JobSnapshot job, bool json) => Console.Out.WriteLineAsync(json ? Json(job) : Line(job));

    /// <summary>One line for a person.</summary>
    public static string Line(JobSnapshot job)
    {
        var record = job.Record;
        var state = record.Error is { } error ? $"{Status(job)} ({error.Code}: {error.Message})" : Status(job);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Id}  {record.CreatedAt:yyyy-MM-dd HH:mm:ss}Z  {job.Percent,3}%  {state}  {record.Request.Prompt}");
    }

    private static string Status(JobSnapshot job) => JsonNamingPolicy.SnakeCaseLower.ConvertName(job.Status.ToString());

    private static string Json(JobSnapshot job) => JsonSerializer.Serialize(
        new
        {
            job.Record.Id,
            Status = Status(job),
            Progress = job.Percent,
            job.Progress?.Stage,
            job.Record.CreatedAt,
            job.Record.EndedAt,
            job.Record.Request,
            job.Record.Files,
            job.Record.Error,
        },
        PipelineJson.Options);
}
