using Azure.Storage.Blobs;

namespace Emu.Pipeline.Tests.Artifacts;

/// <summary>Options of a client that gives up soon, for tests that take the storage away.</summary>
internal static class QuickRetries
{
    public static BlobClientOptions Options => new()
    {
        Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(20), NetworkTimeout = TimeSpan.FromSeconds(10) },
    };
}
