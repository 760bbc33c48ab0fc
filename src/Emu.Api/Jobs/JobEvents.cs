using System.Runtime.CompilerServices;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>A job's states as events: for a video <c>video.queued</c>, <c>video.in_progress</c>, then <c>video.completed</c>, <c>video.failed</c> or <c>video.deleted</c>.</summary>
public static class JobEvents
{
    /// <summary>The last event's id.</summary>
    public const string EndId = "end";

    private const string QueuedId = "0.0";

    /// <summary>Events newer than the one a client saw last.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="owner">Whose job it is.</param>
    /// <param name="id">The job.</param>
    /// <param name="lastEventId">The id seen last; anything else than an id counts as none.</param>
    /// <param name="resourceOf">Makes the events' data.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    public static async IAsyncEnumerable<ServerSentEvent> FollowAsync(
        JobService jobs, string owner, string id, string lastEventId, Func<JobSnapshot, object> resourceOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(resourceOf);
        var kind = id[..id.IndexOf('_', StringComparison.Ordinal)];
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

                next = EventOf(kind, states.Current, resourceOf(states.Current));
            }
            catch (JobNotFoundException)
            {
                var deleted = $"{kind}.deleted";
                next = new ServerSentEvent(deleted, EndId, new DeletedResource(id, deleted));
            }

            yield return next;
            if (next.Id == EndId)
            {
                yield break;
            }
        }
    }

    private static ServerSentEvent EventOf(string kind, JobSnapshot job, object resource)
    {
        if (job.Record.HasEnded)
        {
            return new ServerSentEvent($"{kind}.{(job.Status == JobStatus.Completed ? "completed" : "failed")}", EndId, resource);
        }

        return job.Progress is { } progress
            ? new ServerSentEvent($"{kind}.in_progress", progress.Version.ToString(), resource)
            : new ServerSentEvent($"{kind}.queued", QueuedId, resource);
    }
}
