using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Instruct;

/// <summary>How an instruct-edit model is run. Null takes the package's own default.</summary>
public sealed record InstructOptions
{
    /// <summary>Denoising steps, at least 1.</summary>
    public int? Steps { get; init; }

    /// <summary>The noise scheduler's class name; the package's own if null.</summary>
    public string? NoiseScheduler { get; init; }

    /// <summary>The text guidance scale γ_text: InstructPix2Pix 7.5, Emu Edit 5.</summary>
    public float? TextGuidance { get; init; }

    /// <summary>The image guidance scale γ_image: 1.5 for both.</summary>
    public float? ImageGuidance { get; init; }

    /// <summary>0 to 2⁵³ − 1.</summary>
    public long Seed { get; init; }

    /// <summary>Evaluates the three conditions one after another instead of as one batch: less memory.</summary>
    public bool OneAfterAnother { get; init; }

    /// <summary>Which pixels are kept.</summary>
    public PixelThreshold Threshold { get; init; } = new();
}

/// <summary>
/// Edits pictures by an instruction in free form with a package whose <see cref="ModelPackage.Edit"/> denoiser takes the picture's
/// latents beside the noise: InstructPix2Pix (arXiv 2211.09800) and what is trained like it. Three conditions are combined (text and
/// picture, picture, nothing) by two scales. Pixels that the model does not change are the source's own (<see cref="PixelThreshold"/>).
/// </summary>
public sealed class InstructEditor
{
    // A U-Net halves its latents three times; sides that it was trained on are multiples of that where its own size is one.
    private const int MostHalvings = 8;

    private readonly ModelPackage _package;
    private readonly SessionCache _sessions;
    private readonly DenoiserContract _denoiser;

    /// <summary>Creates an editor; nothing is loaded yet.</summary>
    /// <exception cref="UnsupportedByModelException">The package has no edit denoiser.</exception>
    public InstructEditor(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _package = package;
        _sessions = sessions;
        _denoiser = package.Edit ?? throw new UnsupportedByModelException("edits", $"The model '{package.Description.Name}' has no edit denoiser; it follows no instructions about pictures.");
    }

    /// <summary>Begins an edit: encodes the picture and the instruction, and draws the starting noise.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="instruction">What is to be changed, in words.</param>
    /// <param name="options">How.</param>
    /// <param name="inputHash">Identifies the inputs to checkpoints.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The instruction is empty.</exception>
    /// <exception cref="UnsupportedByModelException">The package was not trained for the guidance.</exception>
    /// <exception cref="ModelPackageException">A graph does not fit.</exception>
    public InstructEdit Begin(SourcePicture source, string instruction, InstructOptions options, string inputHash = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrWhiteSpace(instruction);
        ArgumentNullException.ThrowIfNull(options);
        var model = _package.Description;
        var (width, height) = SizeFor(source.Width, source.Height);
        var picture = Planes(source.ToPicture().Resized(width, height), model);
        PictureEncoder encoder = new(_package, _sessions);
        var latents = encoder.Encode(picture, cancellationToken: cancellationToken);
        TextEncoder encoding = new(_package, _sessions);
        var text = encoding.Encode(instruction, cancellationToken);
        DenoiseRequest request = new()
        {
            Denoiser = _denoiser,
            NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, options.Steps ?? _denoiser.Description.DefaultSteps, options.NoiseScheduler),
            Stage = NoiseStage.Edit,
            Seed = (ulong)options.Seed,
            Text = text,
            UnconditionalPrompt = encoding.EncodeUnconditional(cancellationToken),
            ImageLatents = _denoiser.Description.ScaleImageLatents ? latents : model.Unscale(latents),
            TextGuidance = options.TextGuidance ?? _denoiser.Description.DefaultGuidance,
            ImageGuidance = options.ImageGuidance ?? _denoiser.Description.DefaultImageGuidance,
            OneAfterAnother = options.OneAfterAnother,
            LatentSize = (height / model.LatentDownscale, width / model.LatentDownscale),
            InputHash = inputHash,
        };

        PictureDecoder decoder = new(_package, _sessions);
        return new InstructEdit(new DenoiseRun(_package, _sessions, request, cancellationToken), source, latents, text, (edited, token) => Decoded(decoder, edited, token), options.Threshold);
    }

    /// <summary>Edits a picture.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="instruction">What is to be changed, in words.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share of steps done, above 0 to 1.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public EditResult Apply(SourcePicture source, string instruction, InstructOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var edit = Begin(source, instruction, options, cancellationToken: cancellationToken);
        while (!edit.Run.IsDone)
        {
            edit.Run.Step(cancellationToken);
            progress?.Report(edit.Run.CurrentStep / (double)edit.Run.StepCount);
        }

        return edit.Finish(cancellationToken: cancellationToken);
    }

    /// <summary>
    /// The size at which the model sees a picture: about its native area in the picture's shape, in multiples that it can halve; its
    /// native size where its graph takes no other.
    /// </summary>
    public (int Width, int Height) SizeFor(int width, int height)
    {
        var model = _package.Description;
        if (_denoiser.Sample.FixedSize(2) is not null || _denoiser.Sample.FixedSize(3) is not null)
        {
            return (model.NativeSize, model.NativeSize);
        }

        var unit = model.LatentDownscale;
        while (unit < MostHalvings * model.LatentDownscale && model.NativeSize % (2 * unit) == 0)
        {
            unit *= 2;
        }

        var shape = Math.Sqrt(Math.Clamp(width / (double)height, 0.25, 4));
        return (Multiple(model.NativeSize * shape), Multiple(model.NativeSize / shape));

        int Multiple(double side) => Math.Max(unit, (int)Math.Round(side / unit) * unit);
    }

    private static Diffusion.Tensors.FloatTensor Planes(Picture picture, ModelDescription model)
    {
        Diffusion.Tensors.FloatTensor planes = new([1, model.PictureChannels, picture.Height, picture.Width]);
        if (model.Alpha == PictureAlpha.None)
        {
            picture.CopyToRgbPlanes(PictureColor.White, planes.Span);
        }
        else
        {
            picture.CopyToPremultipliedPlanes(planes.Span);
        }

        return planes;
    }

    private Picture Decoded(PictureDecoder decoder, Diffusion.Tensors.FloatTensor latents, CancellationToken cancellationToken)
    {
        var planes = decoder.DecodeAll(latents, cancellationToken: cancellationToken);
        return _package.Description.Alpha == PictureAlpha.None
            ? PicturePlanes.FromRgbPlanes(planes.Span, planes.Shape[3], planes.Shape[2])
            : PicturePlanes.FromPremultipliedPlanes(planes.Span, planes.Shape[3], planes.Shape[2]);
    }
}

/// <summary>An edit under way, in steps that can be saved and restored. Not safe for concurrent use.</summary>
public sealed class InstructEdit : IDisposable
{
    private readonly SourcePicture _source;
    private readonly Diffusion.Tensors.FloatTensor _latents;
    private readonly Func<Diffusion.Tensors.FloatTensor, CancellationToken, Picture> _decode;
    private readonly PixelThreshold _threshold;

    internal InstructEdit(IDenoisingRun run, SourcePicture source, Diffusion.Tensors.FloatTensor latents, TextEmbedding text, Func<Diffusion.Tensors.FloatTensor, CancellationToken, Picture> decode, PixelThreshold threshold)
    {
        Run = run;
        _source = source;
        _latents = latents;
        Text = text;
        _decode = decode;
        _threshold = threshold;
    }

    /// <summary>The denoising.</summary>
    public IDenoisingRun Run { get; }

    /// <summary>The instruction as the model read it.</summary>
    public TextEmbedding Text { get; }

    /// <summary>The edited picture, as the model made it, at the model's size.</summary>
    public Picture Decode(CancellationToken cancellationToken = default) => _decode(Run.GetFrames(), cancellationToken);

    /// <summary>The edit at the source's own size; pixels that the model left as they were are copied from it.</summary>
    /// <param name="region">What may change, of the source's size; everything if null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public EditResult Finish(EditMask? region = null, CancellationToken cancellationToken = default) =>
        _threshold.Apply(_source, _decode(_latents, cancellationToken), Decode(cancellationToken), region, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Run.Dispose();
}
