namespace Emu.Pipeline.Jobs;

/// <summary>What a chat service accepts as one sticker or emoji file. All files are square, may be transparent, and repeat for ever if they move.</summary>
/// <param name="Formats">The formats accepted, of those that are made here; the first is the default.</param>
/// <param name="Side">Width and height in pixels.</param>
/// <param name="MaximumBytes">The largest file. Services write KB; it is counted as 1,000 bytes, so that a file passes whichever way they count.</param>
public sealed record StickerLimits(IReadOnlyList<string> Formats, int Side, long MaximumBytes)
{
    /// <summary>The smallest width and height to which the file may be reduced; <see cref="Side"/> where the service takes only that.</summary>
    public int MinimumSide { get; init; } = Side;

    /// <summary>The longest clip in seconds; null where the service says none.</summary>
    public double? MaximumSeconds { get; init; }

    /// <summary>The most frames a second; null where the service says none.</summary>
    public double? MaximumFrameRate { get; init; }

    /// <summary>The most frames; null where the service says none.</summary>
    public int? MaximumFrames { get; init; }

    /// <summary>Whether a PNG may have a palette.</summary>
    public bool AcceptsPalette { get; init; } = true;
}

/// <summary>A chat service that stickers are made for.</summary>
/// <param name="Name">The name that requests use.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Source">The service's own page, with the limits.</param>
/// <param name="Video">The limits of stickers that move.</param>
/// <param name="Image">The limits of stills.</param>
public sealed record StickerTarget(string Name, string Title, Uri Source, StickerLimits Video, StickerLimits Image)
{
    /// <summary>The limits for a kind of job.</summary>
    public StickerLimits Of(JobKind kind) => kind == JobKind.Video ? Video : Image;
}

/// <summary>The chat services, once for requests, the command line, encoding and documents.</summary>
public static class StickerTargets
{
    private const long KB = 1000;

    /// <summary>Every target, in the order in which they are offered.</summary>
    public static IReadOnlyList<StickerTarget> All { get; } =
    [
        new(
            "telegram",
            "Telegram stickers",
            new Uri("https://core.telegram.org/stickers"),
            new(["webm"], 512, 256 * KB) { MaximumSeconds = 3, MaximumFrameRate = 30 },
            new(["png", "webp"], 512, 512 * KB)),
        new(
            "whatsapp",
            "WhatsApp stickers",
            new Uri("https://github.com/WhatsApp/stickers/tree/main/Android"),
            // A frame lasts at least 8 ms.
            new(["webp"], 512, 500 * KB) { MaximumSeconds = 10, MaximumFrameRate = 125 },
            new(["webp"], 512, 100 * KB)),
        new(
            "signal",
            "Signal stickers",
            new Uri("https://support.signal.org/hc/en-us/articles/360031836512-Stickers#sticker_reqs"),
            // Smaller ones are shown enlarged. With a palette they stand still on iOS: https://github.com/signalapp/Signal-iOS/issues/4611
            new(["apng"], 512, 300 * KB) { MinimumSide = 128, MaximumSeconds = 3, AcceptsPalette = false },
            new(["png", "webp"], 512, 300 * KB)),
        new(
            "discord",
            "Discord stickers",
            new Uri("https://discord.com/developers/docs/resources/sticker#create-guild-sticker"),
            new(["apng", "gif"], 320, 512 * KB) { MaximumSeconds = 5 },
            new(["png"], 320, 512 * KB)),
        new(
            "discord-emoji",
            "Discord emoji",
            new Uri("https://discord.com/developers/docs/resources/emoji"),
            new(["gif"], 128, 256 * KB) { MinimumSide = 64 },
            new(["png", "jpeg", "webp"], 128, 256 * KB) { MinimumSide = 64 }),
        new(
            "slack",
            "Slack emoji",
            new Uri("https://slack.com/help/articles/206870177-Add-customized-emoji-and-aliases-to-your-workspace"),
            new(["gif"], 128, 128 * KB) { MinimumSide = 64, MaximumFrames = 50 },
            new(["png", "jpeg"], 128, 128 * KB) { MinimumSide = 64 }),
        new(
            "imessage",
            "iMessage stickers",
            new Uri("https://developer.apple.com/documentation/messages/mssticker/init(contentsoffileurl:localizeddescription:)"),
            new(["apng", "gif"], 408, 500 * KB) { MinimumSide = 300 },
            new(["png", "jpeg"], 408, 500 * KB) { MinimumSide = 300 }),
    ];

    /// <summary>The names, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(target => target.Name)];

    /// <summary>The target of that name, or null.</summary>
    public static StickerTarget? Find(string? name) => All.FirstOrDefault(target => target.Name == name);
}
