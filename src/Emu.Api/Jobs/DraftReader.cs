using Emu.Api.Errors;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>Makes drafts of jobs from requests' fields. What the model must offer is checked by the job service.</summary>
internal static class DraftReader
{
    private const int MaximumFormats = 8;
    private const double LargestNumber = 1_000_000;

    /// <summary>A draft with the fields that every kind of job takes.</summary>
    public static JobDraft Read(RequestFields fields, JobKind kind) => new()
    {
        Kind = kind,
        Prompt = fields.Text("prompt") ?? "",
        Model = fields.Text("model"),
        Size = Size(fields),
        Seed = fields.WholeNumber("seed", 0, JobFields.MaximumSeed),
        Steps = (int?)fields.WholeNumber("steps", 1, int.MaxValue),
        Guidance = fields.Number("guidance", 0, LargestNumber),
        NoiseScheduler = fields.Text("noise_scheduler"),
        Transparent = fields.Boolean("transparent") ?? false,
        Deadline = Deadline(fields),
        Metadata = fields.TextMap("metadata") ?? new Dictionary<string, string>(),
        WebhookUrl = fields.Text("webhook_url"),
    };

    /// <summary>A draft of a video.</summary>
    public static JobDraft ReadVideo(RequestFields fields) => Read(fields, JobKind.Video) with
    {
        Seconds = Seconds(fields),
        ImageGuidance = fields.Number("image_guidance", 0, LargestNumber),
        Formats = fields.TextList("formats", MaximumFormats) ?? [],
    };

    private static FrameSize? Size(RequestFields fields)
    {
        var text = fields.Text("size");
        if (text is null or "auto")
        {
            return null;
        }

        return FrameSize.TryParse(text, out var size)
            ? size
            : throw ApiException.InvalidValue("size", $"Invalid size '{RequestFields.Shorten(text)}': a size is written like '512x512'. `/v1/models` lists those that the model makes.");
    }

    private static double? Seconds(RequestFields fields)
    {
        // OpenAI's type is a string; a number says the same.
        if (!fields.TryGet("seconds", out var value) || value.ValueKind == System.Text.Json.JsonValueKind.Number)
        {
            return fields.Number("seconds", 0, LargestNumber);
        }

        var text = fields.Text("seconds")!;
        return double.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds <= LargestNumber
            ? seconds
            : throw ApiException.InvalidValue("seconds", $"Invalid value '{RequestFields.Shorten(text)}' for 'seconds': expected a number. `/v1/models` lists the lengths that the model makes.");
    }

    private static DateTimeOffset? Deadline(RequestFields fields) =>
        fields.WholeNumber("deadline", 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
