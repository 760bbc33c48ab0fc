using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations;

/// <summary>Makes stickers for edits: what "add a crown" adds.</summary>
public interface IStickerMaker
{
    /// <summary>Makes a sticker with transparency.</summary>
    /// <param name="prompt">What it shows.</param>
    /// <param name="seed">0 to 2⁵³ − 1.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<Picture> MakeAsync(string prompt, long seed, CancellationToken cancellationToken);
}

/// <summary>What an operation works on.</summary>
public sealed record EditContext
{
    /// <summary>The picture before the step, as seen. Its samples are never changed.</summary>
    public required SourcePicture Picture { get; init; }

    /// <summary>The step's region at the picture's size: the subject, the ground or the user's mask; null for everything.</summary>
    public EditMask? Region { get; init; }

    /// <summary>The subject's mask where the operation asked for it.</summary>
    public EditMask? Subject { get; init; }

    /// <summary>The picture that the user gave as a background; null if none.</summary>
    public Picture? Background { get; init; }

    /// <summary>Makes stickers; null where the host has no sticker model.</summary>
    public IStickerMaker? Stickers { get; init; }

    /// <summary>0 to 2⁵³ − 1: what is random is drawn from it.</summary>
    public long Seed { get; init; }
}

/// <summary>What an operation made.</summary>
/// <param name="Picture">The picture after the step.</param>
/// <param name="Changed">Which pixels may differ from the picture before (any value above 0); null where all may, or where the size or order of pixels changed.</param>
public sealed record EditResult(SourcePicture Picture, EditMask? Changed)
{
    /// <summary>Where the subject is, in pixels, if the step was to find it.</summary>
    public FoundSubject? Found { get; init; }

    /// <summary>The subject's mask in the new picture where the operation knows it; null where it stayed as it was.</summary>
    public EditMask? Subject { get; init; }

    /// <summary>Whether the subject is no more what it was: it is to be found anew if another step asks for it.</summary>
    public bool SubjectGone { get; init; }

    /// <summary>Turns a mask of the picture before into one of the picture after, where pixels changed places; null where they did not.</summary>
    public Func<EditMask, EditMask>? Map { get; init; }

    /// <summary>What the user should know: sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A box around a subject, in pixels of the picture, and its mask.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="Mask">The mask, at the picture's size.</param>
public sealed record FoundSubject(int X, int Y, int Width, int Height, EditMask Mask);

/// <summary>Does the operations of one kind.</summary>
/// <typeparam name="TOperation">The operation.</typeparam>
public interface IEditOperator<in TOperation>
    where TOperation : EditOperation
{
    /// <summary>Applies an operation. Pixels outside <see cref="EditResult.Changed"/> are the picture's own, bit for bit.</summary>
    /// <exception cref="EditException">It cannot be done on this picture.</exception>
    Task<EditResult> ApplyAsync(EditContext context, TOperation operation, CancellationToken cancellationToken);
}

/// <summary>An edit cannot be done; the message says why and what would be accepted.</summary>
public sealed class EditException(string message, Exception? inner = null) : Exception(message, inner);
