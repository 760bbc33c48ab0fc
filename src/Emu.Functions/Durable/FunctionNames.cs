using Emu.Pipeline.Stages;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;

namespace Emu.Functions.Durable;

/// <summary>
/// The names of activity functions. They are the activities' own names, so that workers on the same hub know them, except where such a
/// name is no function's: a function's name has no dot, and orchestrations and activities share one list of names.
/// </summary>
public static class FunctionNames
{
    /// <summary>Makes a further format.</summary>
    public const string Format = "format_encode";

    /// <summary>Writes an upload's results.</summary>
    public const string UploadResult = "upload_result_write";

    /// <summary>Sends a webhook.</summary>
    public const string WebhookAttempt = "webhook_attempt";

    /// <summary>The function of an activity.</summary>
    public static string OfActivity(string activity) => activity switch
    {
        StageNames.Format => Format,
        UploadResultActivity.ActivityName => UploadResult,
        WebhookAttemptActivity.ActivityName => WebhookAttempt,
        _ => activity,
    };
}
