using Azure;
using Azure.Identity;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.AzureStorage.Hub;

/// <summary>Translates the errors of Azure Storage's clients and of DurableTask into the port's.</summary>
internal static class HubErrors
{
    /// <summary>The port's exception, or null for any other exception than a storage's.</summary>
    public static DurableEngineUnavailableException? Translate(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 } => Unreachable(exception),
        RequestFailedException failed => Refused(failed.Status, failed.ErrorCode, exception),
        AggregateException { InnerExceptions: [RequestFailedException or IOException or TaskCanceledException or HttpRequestException, ..] } => Unreachable(exception),
        IOException or HttpRequestException or TimeoutException => Unreachable(exception),
        AuthenticationFailedException => new DurableEngineUnavailableException($"Azure Storage could not be signed in to: {exception.Message}", exception),

        // DurableTask wraps the clients' errors in a type of its own, which is not public.
        { InnerException: RequestFailedException inner } => Translate(inner),
        _ => null,
    };

    /// <inheritdoc cref="EngineErrors.TranslatedAsync{T}"/>
    public static Task<T> TranslatedAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) => EngineErrors.TranslatedAsync(call, Translate, cancellationToken);

    /// <inheritdoc cref="EngineErrors.TranslatedAsync{T}"/>
    public static Task TranslatedAsync(Func<Task> call, CancellationToken cancellationToken) => EngineErrors.TranslatedAsync(call, Translate, cancellationToken);

    private static DurableEngineUnavailableException Unreachable(Exception exception) => new("Azure Storage did not answer: the connection was lost or refused.", exception);

    private static DurableEngineUnavailableException Refused(int status, string? code, Exception exception) =>
        new($"Azure Storage refused: {status} {code ?? "without a code"}.", exception);
}
