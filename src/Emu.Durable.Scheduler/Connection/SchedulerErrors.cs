using Azure.Identity;
using Emu.Durable.Abstractions.Engines;
using Grpc.Core;

namespace Emu.Durable.Scheduler.Connection;

/// <summary>Translates the errors of gRPC and of signing in into the port's.</summary>
internal static class SchedulerErrors
{
    /// <summary>The port's exception, or null for any other exception than a scheduler's.</summary>
    public static DurableEngineUnavailableException? Translate(Exception exception) => exception switch
    {
        RpcException { InnerException: AuthenticationFailedException inner } => Translate(inner),
        RpcException { Status.DebugException: AuthenticationFailedException inner } => Translate(inner),
        RpcException { StatusCode: StatusCode.Unavailable } => New("The Durable Task Scheduler did not answer: the connection was lost or refused.", exception),
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => New("The Durable Task Scheduler did not answer in time.", exception),
        RpcException { StatusCode: StatusCode.NotFound } failed => New($"The Durable Task Scheduler does not know what it was asked for, the task hub for example: {failed.Status.Detail}", exception),
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } failed =>
            New($"The Durable Task Scheduler refused: {failed.StatusCode}. The identity needs the role 'Durable Task Data Contributor' on the hub.", exception),
        RpcException failed => New($"The Durable Task Scheduler refused: {failed.StatusCode}: {failed.Status.Detail}", exception),
        AuthenticationFailedException => New($"The Durable Task Scheduler could not be signed in to: {exception.Message}", exception),
        _ => null,
    };

    private static DurableEngineUnavailableException New(string message, Exception exception) => new(message.ReplaceLineEndings(" "), exception);
}
