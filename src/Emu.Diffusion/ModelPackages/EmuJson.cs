using System.Text.Json.Serialization;

namespace Emu.Diffusion.ModelPackages;

/// <summary>The file <c>emu.json</c> as written: fields in snake case, absent ones null.</summary>
internal sealed record EmuJson
{
    public required string Name { get; init; }

    public string? Version { get; init; }

    public string? License { get; init; }

    public bool Loops { get; init; }

    public int? Frames { get; init; }

    public int? Ticks { get; init; }

    public int? Fps { get; init; }

    public required int NativeSize { get; init; }

    public IReadOnlyList<int>? Sizes { get; init; }

    public required int LatentChannels { get; init; }

    public int? LatentDownscale { get; init; }

    public float? ScalingFactor { get; init; }

    public float? ShiftFactor { get; init; }

    public PictureAlpha Alpha { get; init; }

    public IReadOnlyList<TextSource>? Text { get; init; }

    [JsonPropertyName("no_text")]
    public UnconditionalPrompt UnconditionalPrompt { get; init; }

    public DenoiserJson? Image { get; init; }

    public DenoiserJson? Video { get; init; }

    public DenoiserJson? Edit { get; init; }

    public InterpolationJson? Interpolation { get; init; }

    public UpscalerDescription? Upscaler { get; init; }

    public IReadOnlyDictionary<string, FileJson>? Files { get; init; }

    /// <summary>Free notes; not read.</summary>
    public System.Text.Json.JsonElement? Notes { get; init; }

    public ModelDescription ToDescription() => new()
    {
        Name = Name,
        Version = Version ?? "",
        License = License ?? "",
        Loops = Loops,
        Frames = Frames ?? 1,
        Ticks = Ticks ?? Frames ?? 1,
        FramesPerSecond = Fps ?? 16,
        NativeSize = NativeSize,
        Sizes = Sizes ?? [],
        LatentChannels = LatentChannels,
        LatentDownscale = LatentDownscale ?? 8,
        ScalingFactor = ScalingFactor ?? 1,
        ShiftFactor = ShiftFactor ?? 0,
        Alpha = Alpha,
        Text = Text ?? [new TextSource()],
        UnconditionalPrompt = UnconditionalPrompt,
        Image = Image?.ToDescription("unet", 1),
        Video = Video?.ToDescription("unet_video", null),
        Edit = Edit?.ToDescription("unet_edit", 1),
        Interpolation = Interpolation?.ToDescription(Frames ?? 1, Ticks ?? Frames ?? 1),
        Upscaler = Upscaler,
    };

    internal sealed record FileJson(long Size, [property: JsonPropertyName("sha256")] string Sha256);

    internal sealed record GuidanceJson(bool Text = false, bool Image = false);

    internal record DenoiserJson
    {
        public string? Graph { get; init; }

        public required IReadOnlyList<string> Layout { get; init; }

        public string Axes { get; init; } = "BCHW";

        public int? Frames { get; init; }

        public string ImagePadding { get; init; } = "zero";

        public int MaskChannels { get; init; } = 1;

        public bool ScaleImageLatents { get; init; } = true;

        public GuidanceJson Guidance { get; init; } = new();

        public int DefaultSteps { get; init; } = 25;

        public float DefaultGuidance { get; init; } = 1;

        public float DefaultImageGuidance { get; init; } = 1;

        public float? FirstFrameImageGuidance { get; init; }

        public bool MotionByWords { get; init; }

        public MotionDescription? Motion { get; init; }

        public DenoiserDescription ToDescription(string graph, int? frames) => new()
        {
            Graph = Graph ?? graph,
            Layout = Layout,
            Axes = Axes,
            Frames = Frames ?? frames,
            ImagePadding = ImagePadding,
            MaskChannels = MaskChannels,
            ScaleImageLatents = ScaleImageLatents,
            Guidance = new(Guidance.Text, Guidance.Image),
            DefaultSteps = DefaultSteps,
            DefaultGuidance = DefaultGuidance,
            DefaultImageGuidance = DefaultImageGuidance,
            FirstFrameImageGuidance = FirstFrameImageGuidance,
            MotionByWords = MotionByWords,
            Motion = Motion,
        };
    }

    internal sealed record InterpolationJson : DenoiserJson
    {
        public int KeyFrames { get; init; } = 8;

        public int AugmentationTimestep { get; init; } = 100;

        public InterpolationDescription ToDescription(int frames, int ticks)
        {
            var factor = ticks / Math.Max(frames, 1);
            return new()
            {
                Denoiser = ToDescription("unet_interpolation", ((KeyFrames + 1) * factor) + 1),
                KeyFrames = KeyFrames,
                Factor = factor,
                AugmentationTimestep = AugmentationTimestep,
            };
        }
    }
}
