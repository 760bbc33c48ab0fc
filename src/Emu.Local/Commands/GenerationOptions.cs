using System.CommandLine;
using Emu.Diffusion.Sessions;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary>The options of <c>generate</c> and <c>image</c>.</summary>
internal sealed class GenerationOptions
{
    private readonly JobKind _kind;
    private readonly JobFieldOptions _fields;
    private readonly Option<string[]> _out;
    private readonly Option<string?> _model = new("--model") { HelpName = "DIR", Description = "A model package's folder, or the name of one that 'emu models list' shows. Default: sticker" };
    private readonly Option<DeviceChoice> _device = CommandOptions.Device();
    private readonly Option<ComputePrecision> _precision = CommandOptions.Precision();
    private readonly Option<string?> _keep = new("--keep") { HelpName = "DIR", Description = "Leave every stage's artifacts (latents, keyframe, frames) in this folder" };

    public GenerationOptions(JobKind kind)
    {
        _kind = kind;
        var (what, usual) = kind == JobKind.Video ? ("video", ".mp4") : ("picture", ".png");
        _out = new("--out", "-o")
        {
            HelpName = "FILE",
            Description = $"Where the {what} goes; the extension names the format ({OutputFormats.AcceptedExtensions(kind)}). A file of that name is replaced. Several may be given. Default: the prompt's words and the seed, {usual} or what --{JobFields.Target.OptionName} takes; nothing is replaced, as a name that is taken gets a number",
            Arity = ArgumentArity.OneOrMore,
        };

        // The prompt is an argument, the model a folder, and the files' extensions name the formats; a command that waits needs no deadline or webhook.
        JobField[] elsewhere = [JobFields.Prompt, JobFields.Model, JobFields.Formats, JobFields.Deadline, JobFields.Metadata, JobFields.WebhookUrl];
        _fields = new(JobFields.Of(kind).Except(elsewhere));
    }

    /// <summary>Prints a JSON object.</summary>
    public Option<bool> Json { get; } = CommandOptions.Json("Print one JSON object about the result on stdout, and nothing else there");

    /// <summary>Every option, in the order that help shows.</summary>
    public IEnumerable<Option> All => [_out, .. _fields.All, _model, _device, _precision, _keep, Json];

    /// <summary>Reads what was asked for.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public GenerationOrder Read(ParseResult parsed, string prompt, string? picture = null)
    {
        var draft = _fields.Read(parsed, _kind);
        // 32 bits are easy to type again.
        draft = draft with { Prompt = prompt, Seed = draft.Seed ?? Random.Shared.NextInt64(1L << 32) };
        return new()
        {
            Draft = draft,
            Picture = picture,
            Outputs = parsed.GetValue(_out) is { Length: > 0 } paths
                ? [.. paths.Select(path => OutputTarget.Given(_kind, path, draft.Target)).Distinct()]
                : [OutputTarget.Named(prompt, draft.Seed.Value, OutputFormats.UsualExtension(_kind, draft.Target))],
            Model = ModelLocator.Find(parsed.GetValue(_model)),
            Device = parsed.GetValue(_device)!,
            Precision = parsed.GetValue(_precision),
            Keep = parsed.GetValue(_keep) is { } folder ? Path.GetFullPath(folder) : null,
        };
    }
}
