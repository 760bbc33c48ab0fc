using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>
/// The part that all jobs' orchestrations share: the stages race against the cancel event and the deadline, and then the finish
/// activity ends the job.
/// </summary>
internal sealed class JobFlow
{
    private readonly IOrchestrationContext _context;
    private readonly JobInput _input;
    private bool _isOver;

    private JobFlow(IOrchestrationContext context, JobInput input)
    {
        _context = context;
        _input = input;
    }

    /// <summary>Runs a job's stages and finishes the job.</summary>
    public static async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input, Func<JobFlow, Task> stages)
    {
        var flow = new JobFlow(context, input.Deserialize<JobInput>(PipelineJson.Options)!);
        var work = stages(flow);
        var error = await flow.RaceAsync(work);
        flow._isOver = true;
        context.SetStatus(StageNames.Finish);
        var state = await context.CallActivityAsync<JobState>(StageNames.Finish, new FinishCall(flow._input.JobId, error), StageRetries.Finish);
        if (!work.IsCompleted)
        {
            await AbandonAsync(work);
        }

        return JsonSerializer.SerializeToElement(state, PipelineJson.Options);
    }

    /// <summary>Runs a stage to its end, in as many slices as it takes.</summary>
    /// <param name="stage">The stage's name, which is its activity's.</param>
    /// <param name="span">Its place in the job.</param>
    /// <param name="reads">The stages whose files it reads.</param>
    /// <param name="retry">How often a slice is tried.</param>
    /// <param name="chunk">The chunk, if the stage is split.</param>
    /// <param name="chunks">How many chunks there are, if the stage is split.</param>
    public async Task<StageResult> StageAsync(string stage, StageSpan span, IReadOnlyList<string> reads, RetryPolicy retry, int? chunk = null, int? chunks = null)
    {
        if (_isOver)
        {
            throw new ActivityFailedException(new ActivityFailure(FailureCodes.Cancelled, "The job has ended.", false));
        }

        if (chunk is null or 0)
        {
            _context.SetStatus(stage);
        }

        var call = new StageCall(_input.JobId, span, reads, chunk, chunks);
        var result = await _context.CallActivityAsync<StageResult>(stage, call, retry);
        if (result.Done || _isOver)
        {
            return result;
        }

        var child = $"{_context.InstanceId}:{(chunk is { } number ? StageNames.Chunk(stage, number) : stage)}";
        var next = new SlicesInput(stage, call with { Unit = result.Unit, Checkpoint = result.Checkpoint });
        return await _context.CallChildAsync<StageResult>(OrchestrationNames.Slices, child, next);
    }

    // Null if the stages completed first, else the reason why the job fails.
    private async Task<JobError?> RaceAsync(Task work)
    {
        using var over = new CancellationTokenSource();
        var cancelled = _context.WaitForEventAsync<JsonElement?>(OrchestrationNames.CancelEvent, over.Token);
        var runners = new List<Task> { work, cancelled };
        if (_input.Deadline is { } deadline)
        {
            runners.Add(_context.CreateTimerAsync(deadline, over.Token));
        }

        var first = await Task.WhenAny(runners);
        over.Cancel();
        if (first == cancelled)
        {
            return new JobError(FailureCodes.Cancelled, "The job was cancelled.");
        }

        if (first != work)
        {
            return new JobError(FailureCodes.DeadlineExceeded, $"The job was not done by its deadline, {_input.Deadline:u}.");
        }

        try
        {
            await work;
            return null;
        }
        catch (ActivityFailedException failed)
        {
            return new JobError(failed.Failure.Code, failed.Failure.Message);
        }
    }

    // The record has ended; the stage that is running notices it within a step. An orchestration must await every child.
    private static async Task AbandonAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (ActivityFailedException)
        {
            // The job has ended already.
        }
    }
}

/// <summary>What a job's orchestration starts with.</summary>
/// <param name="JobId">The job; also the instance's id.</param>
/// <param name="Deadline">When the job fails if it has not ended, UTC; no deadline if null.</param>
public sealed record JobInput(string JobId, DateTimeOffset? Deadline);

/// <summary>
/// How often the activities of a job are tried. Invalid input is never tried again, a lost device or store is
/// (<see cref="ActivityFailure.Retryable"/>).
/// </summary>
internal static class StageRetries
{
    /// <summary>Stages that run models, for about three minutes: long enough for a GPU to come back.</summary>
    public static RetryPolicy Model { get; } = new(6, TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(1));

    /// <summary>Stages that need the processor and the store only.</summary>
    public static RetryPolicy Encode { get; } = new(4, TimeSpan.FromSeconds(1), 4, TimeSpan.FromMinutes(1));

    /// <summary>The end of a job, for hours: without it the record stays active.</summary>
    public static RetryPolicy Finish { get; } = new(40, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5));
}
