using Emu.Pipeline.Models;

namespace Emu.Pipeline.Jobs;

/// <summary>Checks what only edits have: their task and their formats.</summary>
public static class EditRequestChecks
{
    /// <summary>The format in which every untouched sample is the source's.</summary>
    public const string LosslessFormat = "png";

    /// <summary>What an edit's request has besides those of other jobs.</summary>
    /// <exception cref="InvalidJobException">The task is none of the model's.</exception>
    internal static EditRequest Resolve(JobDraft draft, ModelCapabilities model, JobArtifacts pictures)
    {
        var edit = draft.Edit ?? new EditDraft();
        CheckTask(edit.Task, model.EditTasks);
        return new EditRequest
        {
            Mask = pictures.Mask,
            Background = pictures.Background,
            Task = edit.Task,
            Lossy = edit.Lossy,
            FollowsInstructions = model.FollowsInstructions,
            PictureSize = pictures.Size,
            Fits = draft.Size is not null,
            Source = edit.Source,
        };
    }

    /// <summary>Refuses a task that there is not.</summary>
    /// <param name="task">The task; null if none was given.</param>
    /// <param name="known">The tasks that there are.</param>
    /// <exception cref="InvalidJobException">It is none of them; the message names the nearest.</exception>
    public static void CheckTask(string? task, IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (task is not null && !known.Contains(task))
        {
            var nearest = TextDistance.Nearest(task, known) is { } near ? $" The nearest is '{near}'." : "";
            throw new InvalidJobException("task", "invalid_value", $"There is no task '{TextLength.Shorten(task, 60)}'.{nearest} Tasks: {string.Join(", ", known)}.");
        }
    }

    /// <summary>The formats that an edit may have: without <see cref="EditDraft.Lossy"/> the lossless one only.</summary>
    /// <param name="draft">The request.</param>
    /// <param name="offered">The model's formats of pictures.</param>
    /// <param name="picture">The artifact of the picture that is edited: a lossy result has its format by default.</param>
    /// <returns>The formats, the default one first.</returns>
    /// <exception cref="InvalidJobException">A lossy format is asked for and not accepted.</exception>
    internal static IReadOnlyList<string> Formats(JobDraft draft, IReadOnlyList<string> offered, string? picture)
    {
        if (draft.Edit is { Lossy: true })
        {
            var own = Path.GetExtension(picture)?.TrimStart('.') is "jpg" ? "jpeg" : Path.GetExtension(picture)?.TrimStart('.');
            return [.. offered.OrderByDescending(format => format == own)];
        }

        return draft.Formats.FirstOrDefault(format => format != LosslessFormat && offered.Contains(format)) is { } lossy
            ? throw new InvalidJobException("formats", "invalid_value", $"'{lossy}' changes every pixel a little, those too that the edit does not touch. Say 'lossy' to accept that, or leave the format out: then it is {LosslessFormat}.")
            : [.. offered.OrderByDescending(format => format == LosslessFormat)];
    }
}

/// <summary>How different two short texts are.</summary>
public static class TextDistance
{
    /// <summary>The text that is nearest to another; null if there is none.</summary>
    public static string? Nearest(string text, IEnumerable<string> known) => known.MinBy(other => Between(text, other));

    /// <summary>How many letters must be added, removed or replaced to make one text of the other (Levenshtein); case does not matter.</summary>
    public static int Between(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
