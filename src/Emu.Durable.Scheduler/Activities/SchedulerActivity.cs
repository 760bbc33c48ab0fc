using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.DurableTask;

namespace Emu.Durable.Scheduler.Activities;

/// <summary>
/// Runs an activity of the port, within the SDK. One object serves every call in this process, on whichever stream of work it comes.
/// </summary>
/// <param name="registration">The activity.</param>
/// <param name="isTaken">Whether this process takes it.</param>
/// <param name="group">Lets as many activities of the group run as it allows.</param>
/// <param name="invoker">Runs activities.</param>
/// <param name="stopping">Interrupts it.</param>
internal sealed class SchedulerActivity(ActivityRegistration registration, bool isTaken, SemaphoreSlim group, ActivityInvoker invoker, CancellationToken stopping)
    : TaskActivity<string, string>
{
    private static readonly TimeSpan PauseBeforeReturn = TimeSpan.FromSeconds(1);

    /// <exception cref="WorkItemReturnedException">It is given back: another process is to run it, or this one later.</exception>
    /// <exception cref="FailureMessageException">It failed.</exception>
    public override async Task<string> RunAsync(TaskActivityContext context, string input)
    {
        if (!isTaken)
        {
            // The service was told what this process takes; one that does not heed it would else send it at once again.
            await Task.Delay(PauseBeforeReturn, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new WorkItemReturnedException();
        }

        var result = await RunInGroupAsync(context.InstanceId, input);
        return result switch
        {
            { IsInterrupted: true } => throw new WorkItemReturnedException(),
            { Failure: { } failure } => throw new FailureMessageException(failure),
            _ => result.Output!,
        };
    }

    private async Task<ActivityResult> RunInGroupAsync(string instanceId, string input)
    {
        try
        {
            await group.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return ActivityResult.Interrupted;
        }

        try
        {
            return await invoker.RunAsync(instanceId, registration.Activity.Name, ActivityCall.Read(input), stopping);
        }
        catch (JsonException exception)
        {
            return new ActivityResult(null, new ActivityFailure("invalid_input", $"The call of '{registration.Activity.Name}' cannot be read: {exception.Message}", Retryable: false));
        }
        finally
        {
            group.Release();
        }
    }
}

/// <summary>Ends a work item that this process gives back; see <see cref="WorkItemAnswers"/>.</summary>
internal sealed class WorkItemReturnedException() : Exception("The activity was given back.");
