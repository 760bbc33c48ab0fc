using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;

namespace Emu.Pipeline.Formats;

/// <summary>Makes further formats of completed jobs, when they are asked for.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="records">Their records.</param>
/// <param name="client">Starts the orchestrations that make formats; null in a process without an engine, which makes none.</param>
/// <param name="signals">Says when a format is there.</param>
/// <param name="options">How often other processes' work is looked for.</param>
/// <param name="time">The clock.</param>
public sealed class JobFormats(JobService jobs, JobRecords records, IOrchestrationClient? client, JobSignals signals, JobServiceOptions options, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Has a format made unless the job has it. It is made once, however often it is asked for; after a failure it is tried again.</summary>
    /// <param name="owner">The job's owner.</param>
    /// <param name="id">The job, a completed one.</param>
    /// <param name="format">One of the formats that the models list for the job's kind.</param>
    /// <param name="wait">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting; the format is made all the same.</param>
    /// <returns>The job at that moment; whether the format is there is seen by its files.</returns>
    /// <exception cref="InvalidJobException">That format is not offered.</exception>
    /// <exception cref="JobConflictException">The job has not completed, or it was made before frames were kept.</exception>
    /// <exception cref="FormatFailedException">It could not be made.</exception>
    /// <exception cref="JobNotFoundException">It is none of the owner's jobs.</exception>
    public async Task<JobSnapshot> MakeAsync(string owner, string id, string format, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(format);
        var job = await jobs.GetAsync(owner, id, cancellationToken);
        await CheckAsync(job.Record, format, cancellationToken);
        if (Has(job.Record, format))
        {
            return job;
        }

        if (client is null)
        {
            throw new InvalidOperationException("This process has no engine that makes formats.");
        }

        var started = _time.GetTimestamp();
        using var subscription = signals.Subscribe(id);
        await StartAsync(client, id, format, cancellationToken);
        while (true)
        {
            var status = await client.GetStatusAsync(OrchestrationNames.FormatInstance(id, format), cancellationToken);
            job = await jobs.GetAsync(owner, id, cancellationToken);
            var left = wait - _time.GetElapsedTime(started);
            if (Has(job.Record, format) || (left <= TimeSpan.Zero && status?.RuntimeStatus != OrchestrationRuntimeStatus.Failed))
            {
                return job;
            }

            if (status is { RuntimeStatus: OrchestrationRuntimeStatus.Failed, Failure: { } failure })
            {
                throw new FormatFailedException(failure.Code, $"The format '{format}' could not be made: {failure.Message}");
            }

            await subscription.WaitAsync(left < options.PollInterval ? left : options.PollInterval, _time, cancellationToken);
        }
    }

    private static bool Has(JobRecord record, string format) => record.Files!.Any(file => file.Variant == format);

    private async Task CheckAsync(JobRecord record, string format, CancellationToken cancellationToken)
    {
        // Formats belong to the encoders, not to one model, which may be gone.
        var isVideo = record.Request.Kind == JobKind.Video;
        var offered = (await jobs.Models.ListAsync(cancellationToken)).SelectMany(model => isVideo ? model.VideoFormats : model.ImageFormats).Distinct().ToArray();
        if (!offered.Contains(format))
        {
            throw new InvalidJobException("format", "invalid_value", $"'{format}' is no format that can be made. Formats: {string.Join(", ", offered)}.");
        }

        if (record is not { State: JobState.Completed, Files.Count: > 0 })
        {
            throw new JobConflictException("job_not_completed", $"'{record.Id}' has not completed, so no format can be made of it.");
        }

        if (isVideo && record.Frames is not { Count: > 0 } && !Has(record, format))
        {
            throw new JobConflictException("frames_not_kept", $"'{record.Id}' was made before frames were kept; make it again to get other formats.");
        }
    }

    private async Task StartAsync(IOrchestrationClient client, string id, string format, CancellationToken cancellationToken)
    {
        // Recorded first, so that the removal of the job finds the orchestration.
        await records.ChangeAsync(
            id, record => record.State != JobState.Completed || record.LaterFormats?.Contains(format) == true ? null : record with { LaterFormats = [.. record.LaterFormats ?? [], format] }, cancellationToken);
        var instance = OrchestrationNames.FormatInstance(id, format);
        if (await client.GetStatusAsync(instance, cancellationToken) is { RuntimeStatus: OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated })
        {
            await client.PurgeAsync(instance, cancellationToken);
        }

        await client.StartIfAbsentAsync(OrchestrationNames.Format, instance, new FormatCall(id, format), cancellationToken);
    }
}

/// <summary>A further format of a job could not be made.</summary>
/// <param name="code">The stage's failure code.</param>
/// <param name="message">For a person.</param>
public sealed class FormatFailedException(string code, string message) : Exception(message)
{
    /// <summary>The stage's failure code.</summary>
    public string Code { get; } = code;
}
