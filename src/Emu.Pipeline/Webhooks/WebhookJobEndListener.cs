using System.Text.Json;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Webhooks;

/// <summary>Announces the end of jobs to webhooks.</summary>
public sealed class WebhookJobEndListener(WebhookDispatcher dispatcher) : IJobEndListener
{
    /// <inheritdoc/>
    public Task JobEndedAsync(JobRecord job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var completed = job.State == JobState.Completed;
        var (noun, type) = job.Request.Kind switch
        {
            JobKind.Video => ("video", completed ? WebhookEventTypes.VideoCompleted : WebhookEventTypes.VideoFailed),
            JobKind.Image => ("image", completed ? WebhookEventTypes.ImageCompleted : WebhookEventTypes.ImageFailed),
            _ => throw new ArgumentOutOfRangeException(nameof(job), job.Request.Kind, "There is no event for that kind of job."),
        };
        var data = new WebhookJobData(
            job.Id,
            noun,
            completed ? "completed" : "failed",
            job.CreatedAt.ToUnixTimeSeconds(),
            job.EndedAt!.Value.ToUnixTimeSeconds(),
            job.Error,
            job.Request.Metadata);
        var url = job.Request.WebhookUrl is { } text ? new Uri(text) : null;
        var announced = new WebhookEvent(job.Owner, job.Id, type, job.EndedAt.Value, JsonSerializer.SerializeToElement(data, PipelineJson.Options), url);
        return dispatcher.AnnounceAsync(announced, cancellationToken);
    }
}
