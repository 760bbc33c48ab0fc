using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu image PROMPT</c>: text becomes a picture (a video's keyframe alone).</summary>
internal sealed class ImageCommand : Command
{
    private readonly GenerationOptions _options = new();
    private readonly Argument<string> _prompt = new Argument<string>("prompt") { Description = "What to show, for example: \"a duck on a blue background\"" }.RefuseOptions();

    /// <summary>Creates the command.</summary>
    public ImageCommand()
        : base("image", "Makes a picture from a prompt")
    {
        Add(_prompt);
        _options.Out.Description = $"Where the picture goes; the extension names the format ({OutputFormats.PictureExtensions}). Several may be given. Default: the prompt's words, .png";
        foreach (var option in _options.All)
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var prompt = parsed.GetValue(_prompt)!.Trim();
        if (prompt.Length == 0)
        {
            throw new UsageException("The prompt is empty; say what to show.");
        }

        var order = _options.Read(parsed, JobKind.Image, prompt);
        return await JobCommand.RunAsync(order, parsed.GetValue(_options.Json), cancellationToken);
    }
}
