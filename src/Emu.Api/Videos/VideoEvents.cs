using System.Runtime.CompilerServices;
using Emu.Api.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Videos;

/// <summary>A video's states as events: <c>video.queued</c>, <c>video.in_progress</c>, then <c>video.completed</c>, <c>video.failed</c> or <c>video.deleted</c>.</summary>
public static class VideoEvents
{
    /// <summary>The last event's id.</summary>
    public const string EndId = "end";

    private const string QueuedId = "0.0";

    /// <summary>Events newer than the one a client saw last.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="owner">Whose job it is.</param>
    /// <param name="id">The job.</param>
    /// <param name="lastEventId">The id seen last; anything else than an id counts as none.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    public static async IAsyncEnumerable<ServerSentEvent> FollowAsync(JobService jobs, string owner, string id, string lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ProgressVersion? seen = ProgressVersion.TryParse(lastEventId, out var version) ? version : null;
        await using var states = jobs.WatchAsync(owner, id, seen, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            ServerSentEvent next;
            try
            {
                if (!await states.MoveNextAsync())
                {
                    yield break;
                }

                next = EventOf(states.Current);
            }
            catch (JobNotFoundException)
            {
                next = new ServerSentEvent("video.deleted", EndId, new DeletedResource(id, "video.deleted"));
            }

            yield return next;
            if (next.Id == EndId)
            {
                yield break;
            }
        }
    }

    private static ServerSentEvent EventOf(JobSnapshot job)
    {
        var resource = new VideoResource(job);
        if (job.Record.HasEnded)
        {
            return new ServerSentEvent(job.Status == JobStatus.Completed ? "video.completed" : "video.failed", EndId, resource);
        }

        return job.Progress is { } progress
            ? new ServerSentEvent("video.in_progress", progress.Version.ToString(), resource)
            : new ServerSentEvent("video.queued", QueuedId, resource);
    }
}
