using System.Globalization;

namespace Emu.Pipeline.Jobs;

/// <summary>The fields of a job's request, once for the API, batch files, the command line and responses.</summary>
public static class JobFields
{
    /// <summary>The largest seed: the largest whole number that every JSON reader returns as it was.</summary>
    public const long MaximumSeed = (1L << 53) - 1;

    /// <summary>The most denoising steps of a stage.</summary>
    public const int MaximumSteps = 1000;

    /// <summary>The largest guidance scale.</summary>
    public const double MaximumGuidance = 100;

    /// <summary>The longest video, in seconds.</summary>
    public const double MaximumSeconds = 3600;

    /// <summary>The smallest limit that a request may set for its files, in bytes.</summary>
    public const long SmallestMaximumBytes = 1000;

    /// <summary>The largest limit that a request may set for its files, in bytes.</summary>
    public const long LargestMaximumBytes = 1L << 40;

    /// <summary>The most pairs of metadata.</summary>
    public const int MaximumMetadata = 16;

    /// <summary>The longest name of metadata, in characters.</summary>
    public const int MaximumMetadataName = 64;

    /// <summary>The longest value of metadata, in characters.</summary>
    public const int MaximumMetadataValue = 512;

    private static readonly JobKind[] VideoOnly = [JobKind.Video];
    private static readonly JobKind[] Guided = [JobKind.Video, JobKind.Edit];
    private static readonly JobKind[] EditOnly = [JobKind.Edit];
    private static readonly JobKind[] Generated = [JobKind.Video, JobKind.Image];

    /// <summary>What to show.</summary>
    public static JobField Prompt { get; } = Text(
        "prompt", "What to show. The model's capabilities say how long it may be.", (draft, text) => draft with { Prompt = text }, request => request.Prompt);

    /// <summary>The model.</summary>
    public static JobField Model { get; } = Text(
        "model", "A model's name; the default model if left out.", (draft, text) => draft with { Model = text }, request => request.Model);

    /// <summary>Width and height.</summary>
    public static JobField Size { get; } = new("size", JobFieldType.Text, "Width and height in pixels, like `512x512` or `512`, or `auto`; one that the model makes.")
    {
        Set = (field, reader, draft) => reader.Text(field) is { } text && text != "auto" ? draft with { Size = ParseSize(field, reader, text) } : draft,
        Show = request => request.Size.ToString(),
    };

    /// <summary>A video's length.</summary>
    public static JobField Seconds { get; } = Number(
        "seconds",
        "The video's length in seconds; one that the model makes.",
        (0, MaximumSeconds),
        (draft, value) => draft with { Seconds = value },
        request => request.Seconds.ToString("0.###", CultureInfo.InvariantCulture)) with { NumberAsText = true, Kinds = VideoOnly };

    /// <summary>The seed.</summary>
    public static JobField Seed { get; } = WholeNumber(
        "seed",
        "The same request with the same seed gives the same result on the same machine. Random, and shown, if left out.",
        (0, MaximumSeed),
        (draft, value) => draft with { Seed = value },
        request => request.Seed);

    /// <summary>Denoising steps.</summary>
    public static JobField Steps { get; } = WholeNumber(
        "steps", "Denoising steps of each stage; the model's default if left out.", (1, MaximumSteps), (draft, value) => draft with { Steps = (int)value }, request => request.Steps);

    /// <summary>The text guidance scale.</summary>
    public static JobField Guidance { get; } = Number(
        "guidance",
        "How closely the text is followed; 1 is no guidance. The model's default if left out.",
        (0, MaximumGuidance),
        (draft, value) => draft with { Guidance = value },
        request => request.Guidance);

    /// <summary>The image guidance scale.</summary>
    public static JobField ImageGuidance { get; } = Number(
        "image_guidance",
        "How closely a clip follows its first frame, or an edit the picture, with models trained for it; 1 is no guidance. The model's default if left out.",
        (0, MaximumGuidance),
        (draft, value) => draft with { ImageGuidance = value },
        request => request.ImageGuidance) with { Kinds = Guided };

    /// <summary>The noise scheduler.</summary>
    public static JobField NoiseScheduler { get; } = Text(
        "noise_scheduler", "One of the model's noise schedulers; its own if left out.", (draft, text) => draft with { NoiseScheduler = text }, request => request.NoiseScheduler);

    /// <summary>Motions.</summary>
    public static JobField Motion { get; } = Text(
        "motion",
        "Motions that the model lists, each with an amount from 0 to 1 if wanted: `bounce`, `bounce,0.6`, `jump;spin`; or `none`. What the prompt says if left out.",
        (draft, text) => draft with { Motion = text },
        request => request.Motion) with { Kinds = VideoOnly };

    /// <summary>The camera.</summary>
    public static JobField Camera { get; } = Text(
        "camera",
        "A camera that the model lists, or `none`. What the prompt says if left out; a photograph gets a gentle zoom if nothing is said.",
        (draft, text) => draft with { Camera = text },
        request => request.Camera) with { Kinds = VideoOnly };

    /// <summary>Whether transparency is kept.</summary>
    public static JobField Transparent { get; } = new("transparent", JobFieldType.Boolean, "Keep transparency where the format can; else the background is white.")
    {
        Kinds = Generated,
        Set = (field, reader, draft) => reader.Boolean(field) is { } value ? draft with { Transparent = value } : draft,
        Show = request => request.Transparent,
    };

    /// <summary>The formats to make.</summary>
    public static JobField Formats { get; } = new("formats", JobFieldType.TextList, "The formats to make, of those the model lists. The first one is the main file; the model's first if left out.")
    {
        MaximumItems = 8,
        Set = (field, reader, draft) => reader.TextList(field) is { } value ? draft with { Formats = value } : draft,
        Show = request => request.Formats,
    };

    /// <summary>The chat service to make a sticker for.</summary>
    public static JobField Target { get; } = new(
        "target",
        JobFieldType.Text,
        $"Make a sticker that a chat service accepts: {string.Join(", ", StickerTargets.Names)}. It says format, size, length and bytes, and keeps transparency. A longer clip is played faster, not cut.")
    {
        Kinds = Generated,
        Words = StickerTargets.Names,
        OptionName = "for",
        Set = (field, reader, draft) => reader.Text(field) is { } text ? draft with { Target = ParseTarget(field, reader, text) } : draft,
        Show = request => request.Target,
    };

    /// <summary>The largest file.</summary>
    public static JobField MaximumBytes { get; } = WholeNumber(
        "max_bytes",
        "The most bytes of each file. What is larger is reduced in quality, colours, frame rate and size, in this order; the warnings say what was.",
        (SmallestMaximumBytes, LargestMaximumBytes),
        (draft, value) => draft with { MaximumBytes = value },
        request => request.MaximumBytes) with { Kinds = Generated };

    /// <summary>The kind of edit.</summary>
    public static JobField Task { get; } = Text(
        "task",
        "What kind of edit it is, if the instruction is not to be asked: one of the model's edit tasks.",
        (draft, text) => draft with { Edit = (draft.Edit ?? new EditDraft()) with { Task = text } },
        request => request.Edit?.Task) with { Kinds = EditOnly };

    /// <summary>Whether lossy formats are accepted.</summary>
    public static JobField Lossy { get; } = new("lossy", JobFieldType.Boolean, "Accept formats with loss (JPEG, WebP), in which every pixel differs a little from the source. Without it the result is a PNG whose untouched pixels are the source's.")
    {
        Kinds = EditOnly,
        Set = (field, reader, draft) => reader.Boolean(field) is { } value ? draft with { Edit = (draft.Edit ?? new EditDraft()) with { Lossy = value } } : draft,
        Show = request => request.Edit?.Lossy ?? false,
    };

    /// <summary>When to give up.</summary>
    public static JobField Deadline { get; } = WholeNumber(
        "deadline",
        "When the job fails if it has not ended: Unix seconds.",
        (0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()),
        (draft, value) => draft with { Deadline = DateTimeOffset.FromUnixTimeSeconds(value) },
        request => request.Deadline?.ToUnixTimeSeconds());

    /// <summary>The client's own notes.</summary>
    public static JobField Metadata { get; } = new(
        "metadata", JobFieldType.TextMap, $"Notes of your own, returned with the job: at most {MaximumMetadata} pairs, names up to {MaximumMetadataName} characters, values up to {MaximumMetadataValue}.")
    {
        MaximumItems = MaximumMetadata,
        Set = (field, reader, draft) => reader.TextMap(field) is { } value ? draft with { Metadata = value } : draft,
        Show = request => request.Metadata ?? new Dictionary<string, string>(),
    };

    /// <summary>Where the job's end is posted.</summary>
    public static JobField WebhookUrl { get; } = Text(
        "webhook_url",
        "Where the job's end is posted, signed with the owner's default webhook secret, in addition to the owner's webhook endpoints.",
        (draft, text) => draft with { WebhookUrl = text },
        _ => null) with { Format = "uri" };

    /// <summary>Every field, in the order in which they are documented.</summary>
    public static IReadOnlyList<JobField> All { get; } =
        [Prompt, Model, Size, Seconds, Seed, Steps, Guidance, ImageGuidance, NoiseScheduler, Motion, Camera, Transparent, Formats, Target, MaximumBytes, Task, Lossy, Deadline, Metadata, WebhookUrl];

    /// <summary>The fields that a kind of job has.</summary>
    public static IEnumerable<JobField> Of(JobKind kind) => All.Where(field => field.Kinds.Contains(kind));

    /// <summary>Reads a draft from a source, field by field.</summary>
    public static JobDraft Read(JobKind kind, IJobFieldReader reader) => Read(new JobDraft { Kind = kind }, reader);

    /// <summary>Reads a draft from a source, field by field; absent values keep their defaults.</summary>
    public static JobDraft Read(JobDraft defaults, IJobFieldReader reader)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return Of(defaults.Kind).Aggregate(defaults, (draft, field) => field.Read(draft, reader));
    }

    private static JobField Text(string name, string description, Func<JobDraft, string, JobDraft> set, Func<JobRequest, object?> show) =>
        new(name, JobFieldType.Text, description) { Set = (field, reader, draft) => reader.Text(field) is { } text ? set(draft, text) : draft, Show = show };

    private static JobField WholeNumber(string name, string description, (long Minimum, long Maximum) bounds, Func<JobDraft, long, JobDraft> set, Func<JobRequest, object?> show) =>
        new(name, JobFieldType.WholeNumber, description)
        {
            Minimum = bounds.Minimum,
            Maximum = bounds.Maximum,
            Set = (field, reader, draft) => reader.WholeNumber(field) is { } value ? set(draft, value) : draft,
            Show = show,
        };

    private static JobField Number(string name, string description, (double Minimum, double Maximum) bounds, Func<JobDraft, double, JobDraft> set, Func<JobRequest, object?> show) =>
        new(name, JobFieldType.Number, description)
        {
            Minimum = bounds.Minimum,
            Maximum = bounds.Maximum,
            Set = (field, reader, draft) => reader.Number(field) is { } value ? set(draft, value) : draft,
            Show = show,
        };

    private static string ParseTarget(JobField field, IJobFieldReader reader, string text) =>
        StickerTargets.Find(text)?.Name ?? throw reader.Invalid(field, text, $"accepted are {string.Join(", ", StickerTargets.Names)}");

    private static FrameSize ParseSize(JobField field, IJobFieldReader reader, string text) =>
        FrameSize.TryParse(text, out var size) ? size : throw reader.Invalid(field, text, "a size is written like '512x512' or '512'; the model's capabilities list those that it makes");
}
