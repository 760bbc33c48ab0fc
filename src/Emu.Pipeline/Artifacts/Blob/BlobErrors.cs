using Azure;
using Azure.Identity;

namespace Emu.Pipeline.Artifacts.Blob;

/// <summary>Translates Azure Storage's errors into the store's.</summary>
internal static class BlobErrors
{
    /// <summary>The store's exception for a client's, or null for any other exception.</summary>
    public static Exception? Translate(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 } => Unreachable(exception),
        RequestFailedException failed => new ArtifactStoreException($"Blob storage refused: {failed.Status} {failed.ErrorCode ?? "without a code"}.", IsTransient(failed), exception),
        // The client's own retries failed: the service did not respond, several times.
        AggregateException { InnerExceptions: [RequestFailedException or IOException or TaskCanceledException, ..] } => Unreachable(exception),
        IOException or HttpRequestException => Unreachable(exception),
        AuthenticationFailedException => new ArtifactStoreException($"Blob storage could not be signed in to: {exception.Message}", true, exception),
        _ => null,
    };

    private static ArtifactStoreException Unreachable(Exception exception) => new("Blob storage did not answer: the connection was lost or refused.", true, exception);

    // 400 InvalidBlockList: another writer of the same name committed first, which discards our blocks; writing again mends it.
    private static bool IsTransient(RequestFailedException failed) =>
        failed.Status is 408 or 429 or >= 500 || failed.ErrorCode is "InvalidBlockList" or "ContainerBeingDeleted";
}
