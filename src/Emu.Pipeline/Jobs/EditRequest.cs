using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emu.Pipeline.Jobs;

/// <summary>What a client says of an edit, besides the prompt and the pictures.</summary>
public sealed record EditDraft
{
    /// <summary>The kind of edit, one of the model's <see cref="Models.ModelCapabilities.EditTasks"/>; read from the prompt if null.</summary>
    public string? Task { get; init; }

    /// <summary>Whether formats are accepted in which every pixel differs a little from the source.</summary>
    public bool Lossy { get; init; }

    /// <summary>The version that is edited, if the edit belongs to a session.</summary>
    public EditSource? Source { get; init; }
}

/// <summary>What an edit's request has besides those of other jobs.</summary>
public sealed record EditRequest
{
    /// <summary>The artifact of the mask that the user gave, if there is one: <c>jobs/{id}/mask.png</c>.</summary>
    public string? Mask { get; init; }

    /// <summary>The artifact of the background that the user gave, if there is one: <c>jobs/{id}/background.png</c>.</summary>
    public string? Background { get; init; }

    /// <summary>The kind of edit; read from the prompt if null.</summary>
    public string? Task { get; init; }

    /// <summary>Whether formats are accepted in which every pixel differs a little from the source.</summary>
    public bool Lossy { get; init; }

    /// <summary>Whether the request's model follows instructions that the grammar does not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FollowsInstructions { get; init; }

    /// <summary>The size of the picture that is edited, in pixels.</summary>
    public FrameSize? PictureSize { get; init; }

    /// <summary>Whether the result is fitted into the request's size. Otherwise it has the size that the edit gives it.</summary>
    public bool Fits { get; init; }

    /// <summary>The version that is edited, if the edit belongs to a session.</summary>
    public EditSource? Source { get; init; }
}

/// <summary>The version of a session that is edited.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Version">The version's number, from 1.</param>
public sealed record EditSource(string Session, int Version);

/// <summary>What an edit has found out so far; stages add to it.</summary>
public sealed record EditReport
{
    /// <summary>The plan, as JSON: steps in order. Null until the instructions are read.</summary>
    public JsonElement? Plan { get; init; }

    /// <summary>The share of pixels that are bit-identical to the source's, 0 to 1; null until that is known.</summary>
    public double? KeptShare { get; init; }

    /// <summary>Where the subject is in the source; null if none was looked for.</summary>
    public EditBox? Found { get; init; }
}

/// <summary>A box in pixels of a picture.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record EditBox(int X, int Y, int Width, int Height);

/// <summary>The instructions of an edit, which its prompt holds one a line.</summary>
public static class EditInstructions
{
    /// <summary>A prompt of instructions, which are done in order; line breaks within one become spaces.</summary>
    public static string Join(IEnumerable<string> instructions)
    {
        ArgumentNullException.ThrowIfNull(instructions);
        return string.Join('\n', instructions.Select(instruction => instruction.ReplaceLineEndings(" ").Trim()).Where(instruction => instruction.Length > 0));
    }

    /// <summary>The instructions of a prompt; empty lines are none.</summary>
    public static IReadOnlyList<string> Of(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return prompt.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>Something that can be done to a picture.</summary>
/// <param name="Operation">Its name in plans: <c>solid_background</c>.</param>
/// <param name="Task">The task that it belongs to.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Targets">The parts of the picture that it can be done to, as in plans; the usual one first.</param>
/// <param name="Examples">Wordings of it.</param>
/// <param name="NeedsModel">Whether a model that follows instructions does it.</param>
public sealed record EditOffer(string Operation, string Task, string Summary, IReadOnlyList<string> Targets, IReadOnlyList<string> Examples, bool NeedsModel);

/// <summary>Checks edits before a job is made of them. Implemented where the editing is.</summary>
public interface IEditChecks
{
    /// <summary>All that can be done to a picture, in the order of tasks.</summary>
    IReadOnlyList<EditOffer> Offers { get; }

    /// <summary>Looks whether a picture can be edited.</summary>
    /// <exception cref="InvalidJobException">It cannot: it is animated, too small or too large.</exception>
    Task CheckPictureAsync(InputPicture picture, CancellationToken cancellationToken);

    /// <summary>Chooses the model of a request that names none: one that follows the instructions, if the grammar does not read them and there is just one.</summary>
    /// <param name="draft">The request; nothing of it has been checked.</param>
    /// <param name="hasMask">Whether a mask was given.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The draft with the model's name; the draft as it was if the default model will do, or if the request will be refused.</returns>
    Task<JobDraft> ChooseModelAsync(JobDraft draft, bool hasMask, CancellationToken cancellationToken);

    /// <summary>Reads the instructions, and looks whether the pictures and this host have what they need.</summary>
    /// <param name="draft">The request; its pictures have been validated.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The draft with its warnings.</returns>
    /// <exception cref="InvalidJobException">It cannot be done: an instruction is not understood, a picture is animated, the mask has another size, a model is missing.</exception>
    Task<JobDraft> CheckAsync(JobDraft draft, JobPictures pictures, CancellationToken cancellationToken);
}
