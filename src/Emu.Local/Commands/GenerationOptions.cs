using System.CommandLine;
using Emu.Diffusion.Sessions;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary>The options of <c>generate</c>, <c>image</c> and <c>edit</c>.</summary>
internal sealed class GenerationOptions
{
    private readonly JobKind _kind;
    private readonly Option<string[]> _out;
    private readonly Option<string?> _model;
    private readonly Option<DeviceChoice> _device = CommandOptions.Device();
    private readonly Option<ComputePrecision> _precision = CommandOptions.Precision();
    private readonly Option<string?> _keep = new("--keep") { HelpName = "DIR", Description = "Leave every stage's artifacts (latents, keyframe, frames) in this folder" };

    public GenerationOptions(JobKind kind)
    {
        _kind = kind;
        var (what, usual) = kind switch
        {
            JobKind.Video => ("video", $"the prompt's words and the seed, .mp4 or what --{JobFields.Target.OptionName} takes"),
            JobKind.Image => ("picture", $"the prompt's words and the seed, .png or what --{JobFields.Target.OptionName} takes"),
            _ => ("picture", "the picture's name and '-edited', .png"),
        };
        _out = new("--out", "-o")
        {
            HelpName = "FILE",
            Description = $"Where the {what} goes; the extension names the format ({OutputFormats.AcceptedExtensions(kind)}). A file of that name is replaced. Several may be given. Default: {usual}; nothing is replaced, as a name that is taken gets a number",
            Arity = ArgumentArity.OneOrMore,
        };

        _model = new("--model") { HelpName = "DIR", Description = $"A model package's folder, or the name of one that 'emu models list' shows. Default: {(kind == JobKind.Edit ? "sticker for what is drawn, and for what no operation is read from the only package that follows instructions" : "sticker")}" };

        // The prompt is an argument, the model a folder, and the files' extensions name the formats; a command that waits needs no deadline or webhook.
        JobField[] elsewhere = [JobFields.Prompt, JobFields.Model, JobFields.Formats, JobFields.Deadline, JobFields.Metadata, JobFields.WebhookUrl];
        Fields = new(JobFields.Of(kind).Except(elsewhere));
    }

    /// <summary>The options that are fields of a request.</summary>
    public JobFieldOptions Fields { get; }

    /// <summary>Prints a JSON object.</summary>
    public Option<bool> Json { get; } = CommandOptions.Json("Print one JSON object about the result on stdout, and nothing else there");

    /// <summary>What was given for --model; null if nothing.</summary>
    public string? Model(ParseResult parsed) => parsed.GetValue(_model);

    /// <summary>Every option, in the order that help shows.</summary>
    public IEnumerable<Option> All => [_out, .. Fields.All, _model, _device, _precision, _keep, Json];

    /// <summary>Reads what was asked for.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="picture">The picture's path, if there is one.</param>
    /// <param name="unnamed">Where the result goes if no file is named, by its seed; after the prompt if null.</param>
    public GenerationOrder Read(ParseResult parsed, string prompt, string? picture = null, Func<long, OutputTarget>? unnamed = null)
    {
        var draft = Fields.Read(parsed, _kind);
        // 32 bits are easy to type again.
        draft = draft with { Prompt = prompt, Seed = draft.Seed ?? Random.Shared.NextInt64(1L << 32) };
        return new()
        {
            Draft = draft,
            Picture = picture,
            Outputs = parsed.GetValue(_out) is { Length: > 0 } paths
                ? [.. paths.Select(path => OutputTarget.Given(_kind, path, draft.Target)).Distinct()]
                : [unnamed?.Invoke(draft.Seed.Value) ?? OutputTarget.Named(prompt, draft.Seed.Value, OutputFormats.UsualExtension(_kind, draft.Target))],
            Model = ModelLocator.Find(parsed.GetValue(_model)),
            Device = parsed.GetValue(_device)!,
            Precision = parsed.GetValue(_precision),
            Keep = parsed.GetValue(_keep) is { } folder ? Path.GetFullPath(folder) : null,
        };
    }
}
