using System.ComponentModel;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Edits;

/// <summary>What can be done to a picture.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The tasks.</param>
public sealed record EditTaskListResource(string Object, IReadOnlyList<EditTaskResource> Data);

/// <summary>A task with its operations.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Object">Always <c>edit.task</c>.</param>
/// <param name="NeedsModel">Whether only a model does it.</param>
/// <param name="Operations">What it can do.</param>
public sealed record EditTaskResource(
    [property: Description("Its name, as `task` takes it.")] string Id,
    string Object,
    [property: Description("Whether only a model that follows instructions in free form does it (`follows_instructions`).")] bool NeedsModel,
    IReadOnlyList<EditOperationResource> Operations)
{
    /// <summary>A task of what is offered.</summary>
    public static EditTaskResource Of(IGrouping<string, EditOffer> offers)
    {
        ArgumentNullException.ThrowIfNull(offers);
        return new EditTaskResource(
            offers.Key, "edit.task", offers.All(offer => offer.NeedsModel), [.. offers.Select(offer => new EditOperationResource(offer.Operation, offer.Summary, offer.Targets, offer.Examples))]);
    }
}

/// <summary>Something that can be done to a picture.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Targets">Parts of the picture.</param>
/// <param name="Examples">Wordings.</param>
public sealed record EditOperationResource(
    [property: Description("Its name in plans.")] string Operation,
    [property: Description("What it does, in a few words.")] string Summary,
    [property: Description("The parts of the picture that it can be done to, the usual one first: `everything`, `subject`, `ground` (what lies behind the subject), `mask`.")] IReadOnlyList<string> Targets,
    [property: Description("Wordings that are understood as it.")] IReadOnlyList<string> Examples);
