using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;

namespace Emu.Editing;

/// <summary>What the user gives beside picture and plan.</summary>
public sealed record EditInputs
{
    private readonly long _seed;

    /// <summary>The painted region, at the picture's size as seen; null if none.</summary>
    public EditMask? Mask { get; init; }

    /// <summary>The subject's mask if it was found already; null to find it when it is needed.</summary>
    public EditMask? Subject { get; init; }

    /// <summary>The picture for behind the subject; null if none.</summary>
    public Picture? Background { get; init; }

    /// <summary>0 (the default) to 2⁵³ − 1: what is random is drawn from it.</summary>
    public long Seed
    {
        get => _seed;
        init => _seed = value is >= 0 and < 1L << 53 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Seeds are 0 to 2^53 - 1.");
    }
}

/// <summary>What was made of a picture.</summary>
public sealed record EditOutcome
{
    /// <summary>The picture, with the source's metadata.</summary>
    public required SourcePicture Picture { get; init; }

    /// <summary>Which pixels may differ from the source (any value above 0); null if all may or if size or order of pixels changed.</summary>
    public EditMask? Changed { get; init; }

    /// <summary>The share of pixels that are the source's bit for bit, 0 to 1; 0 if the size changed.</summary>
    public required double KeptShare { get; init; }

    /// <summary>Where the subject is, if a step was to find it.</summary>
    public FoundSubject? Found { get; init; }

    /// <summary>The subject's mask in the new picture, if a step needed it and it is still known.</summary>
    public EditMask? Subject { get; init; }

    /// <summary>What the user should know: sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How far a plan is.</summary>
/// <param name="Step">The step under way, from 1.</param>
/// <param name="Steps">How many there are.</param>
/// <param name="Phase">What is done of it.</param>
public sealed record EditProgress(int Step, int Steps, EditPhase Phase);

/// <summary>What is done of a step.</summary>
public enum EditPhase
{
    /// <summary>The subject is looked for.</summary>
    Mask,

    /// <summary>The operation works.</summary>
    Edit,

    /// <summary>Unrelated pixels are compared with the picture before.</summary>
    Composite,
}

/// <summary>What a plan has made so far.</summary>
internal sealed class EditState(SourcePicture source, EditInputs inputs)
{
    private readonly List<string> _warnings = [];
    private bool _everythingChanged;
    private EditMask? _changed;
    private FoundSubject? _found;

    public SourcePicture Picture { get; private set; } = source;

    public EditMask? Mask { get; private set; } = inputs.Mask;

    public EditMask? Subject { get; set; } = inputs.Subject;

    public void Accept(EditResult result, SourcePicture picture)
    {
        _everythingChanged |= result.Changed is null || result.Map is not null;
        _changed = _everythingChanged ? null : _changed is null ? result.Changed : _changed.Union(result.Changed!);
        Mask = Mask is null || result.Map is null ? Mask : result.Map(Mask);
        Subject = result.SubjectGone ? null : result.Subject ?? (Subject is null || result.Map is null ? Subject : result.Map(Subject));
        _found = result.Found ?? _found;
        _warnings.AddRange(result.Warnings);
        Picture = picture;
    }

    public EditOutcome Outcome(SourcePicture source, CancellationToken cancellationToken) => new()
    {
        Picture = Picture,
        Changed = _changed,
        KeptShare = PixelExact.KeptShare(source, Picture, cancellationToken),
        Found = _found,
        Subject = Subject,
        Warnings = _warnings,
    };
}
