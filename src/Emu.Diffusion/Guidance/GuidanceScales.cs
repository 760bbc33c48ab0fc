namespace Emu.Diffusion.Guidance;

/// <summary>Guidance scales: the weights of the conditions. All 1 is the plain conditional prediction, all 0 the unconditional one.</summary>
public sealed record GuidanceScales
{
    private readonly float _text = 1;
    private readonly float _image = 1;
    private readonly float? _firstFrameImage;
    private readonly float _rescale;

    /// <summary>Weight of what the text adds to the picture (wₚ). Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number.</exception>
    public float Text
    {
        get => _text;
        init => _text = Finite(value, nameof(Text));
    }

    /// <summary>Weight of what the picture adds to the unconditional prediction (wᵢ), on the last frame. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number.</exception>
    public float Image
    {
        get => _image;
        init => _image = Finite(value, nameof(Image));
    }

    /// <summary>
    /// The picture's weight on the first frame, from which it runs linearly to <see cref="Image"/> on the last (Stable Video
    /// Diffusion: 1 to 3); null for the same on all frames.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number.</exception>
    public float? FirstFrameImage
    {
        get => _firstFrameImage;
        init => _firstFrameImage = value is { } weight ? Finite(weight, nameof(FirstFrameImage)) : null;
    }

    /// <summary>
    /// How far the guided prediction is pulled back to the spread of the conditional one, φ from 0 (not) to 1 (Lin et al., arXiv
    /// 2305.08891, section 3.4). Default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 1.</exception>
    public float Rescale
    {
        get => _rescale;
        init => _rescale = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Rescale), value, "Accepted: 0 to 1.");
    }

    private static float Finite(float value, string name) => float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Accepted: finite numbers.");
}
