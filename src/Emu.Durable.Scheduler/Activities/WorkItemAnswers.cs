using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Connection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.DurableTask.Protobuf;

namespace Emu.Durable.Scheduler.Activities;

/// <summary>
/// Stands between the SDK's worker and the service. The SDK can neither give an activity back nor answer once it is stopping: so what
/// ended with a <see cref="WorkItemReturnedException"/> is given back here, and answers are sent although the worker stops.
/// </summary>
/// <param name="connection">The worker's connection.</param>
/// <param name="timeout">How long an answer may take.</param>
internal sealed class WorkItemAnswers(SchedulerConnection connection, TimeSpan timeout) : Interceptor
{
    private static readonly string Returned = typeof(WorkItemReturnedException).FullName!;
    private static readonly string Failed = typeof(FailureMessageException).FullName!;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        switch (request)
        {
            case ActivityResponse { FailureDetails.ErrorType: { } type } returned when type == Returned:
                return Answered<TResponse>(GiveBackAsync(returned.CompletionToken));
            case ActivityResponse:
            case OrchestratorResponse answer when !IsOfStop(answer):
                var options = context.Options.WithCancellationToken(CancellationToken.None).WithDeadline(DateTime.UtcNow + timeout);
                return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
            default:
                return continuation(request, context);
        }
    }

    // A worker that stops cancels the loading of a history, which the SDK takes for the instance's failure. All failures of
    // orchestrations themselves are ours.
    private static bool IsOfStop(OrchestratorResponse answer) =>
        answer.Actions.Any(action => action.CompleteOrchestration is { OrchestrationStatus: OrchestrationStatus.Failed, FailureDetails: { } details } && details.ErrorType != Failed);

    private static AsyncUnaryCall<TResponse> Answered<TResponse>(Task answer) => new(
        ReadAsync<TResponse>(answer), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    private static async Task<TResponse> ReadAsync<TResponse>(Task answer)
    {
        await answer;
        return (TResponse)(object)new CompleteTaskResponse();
    }

    private async Task GiveBackAsync(string token)
    {
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(connection.Channel);
        await client.AbandonTaskActivityWorkItemAsync(new AbandonActivityTaskRequest { CompletionToken = token }, deadline: DateTime.UtcNow + timeout);
    }
}
