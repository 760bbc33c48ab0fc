using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Orchestrations;

/// <summary>The names of the orchestrations and their events.</summary>
public static class OrchestrationNames
{
    /// <summary>A video job's.</summary>
    public const string Video = "video";

    /// <summary>An image job's.</summary>
    public const string Image = "image";

    /// <summary>An edit job's.</summary>
    public const string Edit = "image_edit";

    /// <summary>The further slices of one stage.</summary>
    public const string Slices = "slices";

    /// <summary>Makes one further format of a completed job.</summary>
    public const string Format = "format";

    /// <summary>Delivers one event to one address.</summary>
    public const string Webhook = "webhook";

    /// <summary>Puts an upload's results into its outputs.</summary>
    public const string UploadResult = "upload_result";

    /// <summary>The event that ends a job early.</summary>
    public const string CancelEvent = "cancel";

    /// <summary>The instance that makes a further format of a job.</summary>
    public static string FormatInstance(string jobId, string format) => $"{Format}.{jobId}.{format}";

    /// <summary>The orchestration of a kind of job.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none for that kind.</exception>
    public static string Of(JobKind kind) => kind switch
    {
        JobKind.Video => Video,
        JobKind.Image => Image,
        JobKind.Edit => Edit,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no orchestration for that kind of job."),
    };
}
