namespace Emu.Pipeline.Webhooks;

/// <summary>The events a webhook can be sent for.</summary>
public static class WebhookEventTypes
{
    /// <summary>A video job ended with its video.</summary>
    public const string VideoCompleted = "video.completed";

    /// <summary>A video job failed or was cancelled.</summary>
    public const string VideoFailed = "video.failed";

    /// <summary>An image job ended with its picture.</summary>
    public const string ImageCompleted = "image.completed";

    /// <summary>An image job failed or was cancelled.</summary>
    public const string ImageFailed = "image.failed";

    /// <summary>Every event there is, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [VideoCompleted, VideoFailed, ImageCompleted, ImageFailed];
}
