using System.ComponentModel;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Api.Models;

/// <summary>Every model.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The models.</param>
public sealed record ModelListResource(string Object, IReadOnlyList<ModelResource> Data);

/// <summary>A model in OpenAI's shape, with what it can do.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">When a host published it.</param>
/// <param name="OwnedBy">Always <c>emu</c>.</param>
/// <param name="Capabilities">What it can do.</param>
public sealed record ModelResource(string Id, string Object, [property: Description("Unix seconds.")] long Created, string OwnedBy, ModelCapabilitiesResource Capabilities)
{
    /// <summary>A published model.</summary>
    public static ModelResource Of(ModelCapabilities model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelResource(model.Name, "model", model.PublishedAt.ToUnixTimeSeconds(), "emu", ModelCapabilitiesResource.Of(model));
    }
}

/// <summary>What a model can do; in lists, the first is the default.</summary>
public sealed record ModelCapabilitiesResource
{
    /// <summary>A sentence about it.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it is taken when none is named.</summary>
    [Description("Whether it is taken when a request names no model.")]
    public required bool Default { get; init; }

    /// <summary>What it makes.</summary>
    public required IReadOnlyList<JobKind> Kinds { get; init; }

    /// <summary>Whether <c>input_reference</c> is accepted.</summary>
    [Description("Whether a video can begin from a picture (`input_reference`).")]
    public required bool InputReference { get; init; }

    /// <summary>Whether pictures are moved as they are.</summary>
    [Description("Whether a picture (`input_reference`) is moved as it is, at its own size and shape, rather than drawn anew.")]
    public required bool MovesPictures { get; init; }

    /// <summary>Motions.</summary>
    [Description("Motions that can be asked for (`motion`).")]
    public required IReadOnlyList<string> Motions { get; init; }

    /// <summary>Cameras.</summary>
    [Description("Cameras that can be asked for (`camera`).")]
    public required IReadOnlyList<string> Cameras { get; init; }

    /// <summary>Sizes.</summary>
    public required IReadOnlyList<string> Sizes { get; init; }

    /// <summary>Lengths.</summary>
    [Description("Lengths in seconds.")]
    public required IReadOnlyList<string> Seconds { get; init; }

    /// <summary>Frames a second.</summary>
    public required double FrameRate { get; init; }

    /// <summary>Whether videos are loops.</summary>
    public required bool Loops { get; init; }

    /// <summary>Whether there is transparency.</summary>
    public required bool Transparency { get; init; }

    /// <summary>Denoising steps.</summary>
    public required NumberRange Steps { get; init; }

    /// <summary>Text guidance.</summary>
    [Description("Null if the model knows none.")]
    public NumberRange? Guidance { get; init; }

    /// <summary>Picture guidance.</summary>
    [Description("Null if the model knows none.")]
    public NumberRange? ImageGuidance { get; init; }

    /// <summary>Noise schedulers.</summary>
    public required IReadOnlyList<string> NoiseSchedulers { get; init; }

    /// <summary>Formats of videos.</summary>
    public required IReadOnlyList<string> VideoFormats { get; init; }

    /// <summary>Formats of pictures.</summary>
    public required IReadOnlyList<string> ImageFormats { get; init; }

    /// <summary>Chat services.</summary>
    [Description("Chat services that stickers can be made for (`target`).")]
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Kinds of edits.</summary>
    [Description("The kinds of edits that can be asked for by name (`task`); empty if it makes no edits.")]
    public required IReadOnlyList<string> EditTasks { get; init; }

    /// <summary>Whether it follows instructions in free form.</summary>
    [Description("Whether it edits pictures by instructions in free form, which the grammar does not read.")]
    public required bool FollowsInstructions { get; init; }

    /// <summary>The longest prompt.</summary>
    [Description("The longest prompt, in characters.")]
    public required int MaximumPromptLength { get; init; }

    /// <summary>What a host published.</summary>
    public static ModelCapabilitiesResource Of(ModelCapabilities model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelCapabilitiesResource
        {
            Description = model.Description,
            Default = model.IsDefault,
            Kinds = model.Kinds,
            InputReference = model.AcceptsPicture,
            MovesPictures = model.MovesPictures,
            Motions = model.Motions,
            Cameras = model.Cameras,
            Sizes = [.. model.Sizes.Select(size => size.ToString())],
            Seconds = [.. model.Seconds.Select(seconds => seconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture))],
            FrameRate = model.FrameRate,
            Loops = model.Loops,
            Transparency = model.Transparency,
            Steps = model.Steps,
            Guidance = model.Guidance,
            ImageGuidance = model.ImageGuidance,
            NoiseSchedulers = model.NoiseSchedulers,
            VideoFormats = model.VideoFormats,
            ImageFormats = model.ImageFormats,
            Targets = [.. StickerTargets.All.Where(target => target.Video.Formats.Any(model.VideoFormats.Contains) || target.Image.Formats.Any(model.ImageFormats.Contains)).Select(target => target.Name)],
            EditTasks = model.EditTasks,
            FollowsInstructions = model.FollowsInstructions,
            MaximumPromptLength = model.MaximumPromptLength,
        };
    }
}
