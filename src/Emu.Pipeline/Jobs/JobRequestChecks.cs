using System.Globalization;
using System.Security.Cryptography;
using Emu.Pipeline.Models;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Jobs;

/// <summary>Checks a draft against the bounds of the fields and the model's capabilities; a size, length or format that was not requested becomes the model's first.</summary>
public static class JobRequestChecks
{
    /// <summary>Makes the request of a draft.</summary>
    /// <param name="draft">What the client asks for.</param>
    /// <param name="model">The model it will be made with.</param>
    /// <param name="pictures">The artifacts that will hold the pictures; null if there are none.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="allowPrivateWebhooks">Whether a webhook may go to http and into the private network.</param>
    /// <exception cref="InvalidJobException">It cannot be made; the message says what would be accepted.</exception>
    public static JobRequest Resolve(JobDraft draft, ModelCapabilities model, JobArtifacts? pictures, DateTimeOffset now, bool allowPrivateWebhooks = false)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Kinds.Contains(draft.Kind))
        {
            throw Invalid("model", $"The model '{model.Name}' makes no {Name(draft.Kind)} jobs. It makes: {string.Join(", ", model.Kinds.Select(Name))}.");
        }

        pictures ??= JobArtifacts.None;
        CheckPrompt(draft, model, pictures.Input);
        CheckMetadata(draft.Metadata);
        if (draft.Deadline is { } deadline && deadline <= now)
        {
            throw Invalid("deadline", "The deadline has passed already.");
        }

        if (draft.Seed is { } seed && !JobFields.Seed.Accepts(seed))
        {
            throw Invalid("seed", $"The seed must be a whole number from 0 to {JobFields.MaximumSeed}.");
        }

        if (draft.MaximumBytes is { } bytes && !JobFields.MaximumBytes.Accepts(bytes))
        {
            throw Invalid("max_bytes", $"The limit of bytes must be a whole number from {JobFields.SmallestMaximumBytes} to {JobFields.LargestMaximumBytes}.");
        }

        var limits = TargetLimits(draft);
        var own = draft.Kind == JobKind.Video && pictures.Input is not null ? MotionChecks.SizeOf(pictures.Size, model) : null;
        return new JobRequest
        {
            Kind = draft.Kind,
            Prompt = draft.Prompt,
            InputPicture = pictures.Input,
            Model = model.Name,
            Size = limits is not null ? TargetSize(draft, limits) : draft is { Kind: JobKind.Edit, Size: null } ? pictures.Size ?? throw new ArgumentException("An edit needs the size of its picture.", nameof(pictures)) : Size(draft, model, own),
            Seconds = Seconds(draft, model),
            FramesPerSecond = draft.Kind == JobKind.Video ? model.FrameRate : 0,
            Seed = draft.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue),
            Steps = (int?)Within(JobFields.Steps, draft.Steps, model.Steps, model),
            Guidance = Within(JobFields.Guidance, draft.Guidance, model.Guidance, model),
            ImageGuidance = Within(JobFields.ImageGuidance, draft.ImageGuidance, model.ImageGuidance, model),
            NoiseScheduler = NoiseScheduler(draft, model),
            Motion = MotionChecks.Motion(draft, model),
            Camera = MotionChecks.Camera(draft, model),
            Transparent = Transparent(draft, model) || (limits is not null && model.Transparency),
            Formats = Formats(draft, model, pictures, limits),
            Target = draft.Target,
            MaximumBytes = draft.MaximumBytes,
            Deadline = draft.Deadline?.ToUniversalTime(),
            Metadata = draft.Metadata.Count > 0 ? new SortedDictionary<string, string>(draft.Metadata.ToDictionary(), StringComparer.Ordinal) : null,
            WebhookUrl = CheckWebhookUrl(draft, allowPrivateWebhooks),
            RemixedFrom = draft.RemixedFrom,
            Upload = draft.Upload,
            Edit = draft.Kind == JobKind.Edit ? EditRequestChecks.Resolve(draft, model, pictures) : null,
        };
    }

    private static void CheckPrompt(JobDraft draft, ModelCapabilities model, string? inputPicture)
    {
        if (TextLength.Exceeds(draft.Prompt, model.MaximumPromptLength))
        {
            throw new InvalidJobException("prompt", "string_above_max_length", $"The prompt has {TextLength.Describe(draft.Prompt)}, and the model '{model.Name}' takes at most {model.MaximumPromptLength}.");
        }

        if (inputPicture is not null && !(draft.Kind == JobKind.Edit || (draft.Kind == JobKind.Video && model.AcceptsPicture)))
        {
            throw Invalid("input_reference", $"The model '{model.Name}' takes no picture for {Name(draft.Kind)} jobs.");
        }

        if (draft.Kind == JobKind.Edit && inputPicture is null)
        {
            throw Missing("input_reference", "An edit needs the picture that is to be edited.");
        }

        if (draft.Kind == JobKind.Edit && EditInstructions.Of(draft.Prompt).Count == 0)
        {
            throw Missing("prompt", "There is no instruction. Say what to change, for example: \"make the background pink\".");
        }

        if (string.IsNullOrWhiteSpace(draft.Prompt) && !(draft.Kind == JobKind.Video && inputPicture is not null))
        {
            throw Missing("prompt", "The prompt is empty. It may be only for a video with an input picture.");
        }
    }

    /// <summary>Checks the client's own notes.</summary>
    /// <exception cref="InvalidJobException">They are too many or too long.</exception>
    internal static void CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count > JobFields.MaximumMetadata)
        {
            throw Invalid("metadata", $"There are {metadata.Count} pairs of metadata; at most {JobFields.MaximumMetadata} are kept.");
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length == 0 || TextLength.Exceeds(key, JobFields.MaximumMetadataName))
            {
                throw Invalid("metadata", $"A key of metadata must have 1 to {JobFields.MaximumMetadataName} characters.");
            }

            if (value is null || TextLength.Exceeds(value, JobFields.MaximumMetadataValue))
            {
                throw Invalid("metadata", $"The value of '{key}' must be a text of at most {JobFields.MaximumMetadataValue} characters.");
            }
        }
    }

    private static FrameSize Size(JobDraft draft, ModelCapabilities model, FrameSize? own) => draft.Size is not { } size ? own ?? model.Sizes[0]
        : model.Sizes.Contains(size) || size == own ? size
        : throw Invalid("size", $"The model '{model.Name}' makes {List(model.Sizes.OrderBy(offered => offered.Width).ThenBy(offered => offered.Height))}, not {size}.");

    private static double Seconds(JobDraft draft, ModelCapabilities model)
    {
        if (draft.Kind != JobKind.Video)
        {
            return draft.Seconds is null ? 0 : throw Invalid("seconds", "Only a video has a length.");
        }

        if (model.Seconds.Count == 0)
        {
            throw Invalid("seconds", $"The model '{model.Name}' makes no videos.");
        }

        return draft.Seconds is not { } seconds ? model.Seconds[0]
            : model.Seconds.Contains(seconds) ? seconds
            : throw Invalid("seconds", $"The videos of the model '{model.Name}' are {List(model.Seconds.Order())} seconds long, not {Text(seconds)}.");
    }

    // Within the model's range and the field's own bounds.
    private static double? Within(JobField field, double? requested, NumberRange? range, ModelCapabilities model)
    {
        if (range is null)
        {
            return requested is null ? null : throw Invalid(field.Name, $"The model '{model.Name}' was not trained for {field.Name}.");
        }

        // A value that was not requested stays open: a package has defaults of its own for each of its networks.
        if (requested is not { } value || (range.Contains(value) && field.Accepts(value)))
        {
            return requested;
        }

        var minimum = Math.Max(range.Minimum, field.Minimum ?? range.Minimum);
        var maximum = Math.Min(range.Maximum, field.Maximum ?? range.Maximum);
        var accepted = minimum == maximum ? Text(minimum) : $"{Text(minimum)} to {Text(maximum)}";
        throw Invalid(field.Name, $"The model '{model.Name}' takes {accepted} for {field.Name}, not {Text(value)}.");
    }

    private static string? NoiseScheduler(JobDraft draft, ModelCapabilities model) =>
        draft.NoiseScheduler is null || model.NoiseSchedulers.Contains(draft.NoiseScheduler)
            ? draft.NoiseScheduler ?? (model.NoiseSchedulers.Count > 0 ? model.NoiseSchedulers[0] : null)
            : throw Invalid("noise_scheduler", $"The model '{model.Name}' runs with {List(model.NoiseSchedulers)}, not with the noise scheduler '{draft.NoiseScheduler}'.");

    private static bool Transparent(JobDraft draft, ModelCapabilities model) =>
        !draft.Transparent || model.Transparency ? draft.Transparent : throw Invalid("transparent", $"The model '{model.Name}' makes no transparent pictures.");

    private static StickerLimits? TargetLimits(JobDraft draft) => draft.Target is not { } name ? null
        : StickerTargets.Find(name)?.Of(draft.Kind) ?? throw Invalid("target", $"The targets are {List(StickerTargets.Names)}, not '{name}'.");

    // Frames of any size are brought to the target's at the end, whatever sizes the model offers.
    private static FrameSize TargetSize(JobDraft draft, StickerLimits limits)
    {
        var size = new FrameSize(limits.Side, limits.Side);
        return draft.Size is null || draft.Size == size
            ? size
            : throw Invalid("size", $"The target '{draft.Target}' says the size: {size}. Leave the size out.");
    }

    private static IReadOnlyList<string> Formats(JobDraft draft, ModelCapabilities model, JobArtifacts pictures, StickerLimits? limits)
    {
        var offered = draft.Kind == JobKind.Video ? model.VideoFormats : model.ImageFormats;
        if (draft.Kind == JobKind.Edit)
        {
            offered = EditRequestChecks.Formats(draft, offered, pictures.Input);
        }

        if (limits is not null)
        {
            offered = [.. limits.Formats.Where(offered.Contains)];
            if (draft.Formats.FirstOrDefault(format => !limits.Formats.Contains(format)) is { } unfit)
            {
                throw Invalid("formats", $"The target '{draft.Target}' takes {List(limits.Formats)} for {Name(draft.Kind)} jobs, not '{unfit}'.");
            }
        }

        if (offered.Count == 0)
        {
            throw Invalid("formats", $"The model '{model.Name}' offers no format for {Name(draft.Kind)} jobs.");
        }

        foreach (var format in draft.Formats)
        {
            if (!offered.Contains(format))
            {
                throw Invalid("formats", $"The formats of {Name(draft.Kind)} jobs are {List(offered)}, not '{format}'.");
            }
        }

        return draft.Formats.Count > 0 ? [.. draft.Formats.Distinct()] : [offered[0]];
    }

    private static string? CheckWebhookUrl(JobDraft draft, bool allowPrivate) =>
        draft.WebhookUrl is null || WebhookUrl.TryParse(draft.WebhookUrl, allowPrivate, out var problem) is not null ? draft.WebhookUrl : throw Invalid("webhook_url", problem!);

    private static string Name(JobKind kind) => kind switch
    {
        JobKind.Video => "video",
        JobKind.Image => "image",
        _ => "edit",
    };

    private static string List<T>(IEnumerable<T> items)
    {
        var texts = items.Select(Text).ToList();
        return texts.Count > 1 ? $"{string.Join(", ", texts[..^1])} and {texts[^1]}" : string.Concat(texts);
    }

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static InvalidJobException Invalid(string parameter, string message) => new(parameter, "invalid_value", message);

    private static InvalidJobException Missing(string parameter, string message) => new(parameter, "missing_required_parameter", message);
}
