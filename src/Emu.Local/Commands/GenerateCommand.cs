using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu generate [PROMPT] [--image FILE]</c>: text, a picture, or both become a video.</summary>
internal sealed class GenerateCommand : Command
{
    private readonly GenerationOptions _options = new();
    private readonly Argument<string?> _prompt = new Argument<string?>("prompt") { Description = "What to show, for example: \"a duck on a blue background\"", Arity = ArgumentArity.ZeroOrOne }.RefuseOptions();
    private readonly Option<string?> _image = new("--image", "-i") { HelpName = "FILE", Description = "A picture to animate (PNG, JPEG, WebP, GIF, BMP), with or without a prompt" };
    private readonly Option<double?> _imageGuidance = GenerationOptions.Number("--image-guidance", "SCALE", "How closely the clip keeps to its first frame; 1 is no guidance. Default: the model's", 0, GenerationOptions.MaximumGuidance);

    /// <summary>Creates the command.</summary>
    public GenerateCommand()
        : base("generate", "Makes a video from a prompt, a picture, or both")
    {
        Add(_prompt);
        Add(_image);
        _options.Out.Description = $"Where the video goes; the extension names the format ({OutputFormats.VideoExtensions}). Several may be given. Default: the prompt's words, .mp4";
        foreach (var option in _options.All)
        {
            Add(option);
            if (option == _options.Guidance)
            {
                Add(_imageGuidance);
            }
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var prompt = (parsed.GetValue(_prompt) ?? string.Empty).Trim();
        var picture = parsed.GetValue(_image);
        if (prompt.Length == 0 && picture is null)
        {
            throw new UsageException("There is nothing to make a video of. Give a prompt, --image FILE, or both.");
        }

        if (picture is not null && !File.Exists(picture))
        {
            throw new UsageException($"--image: there is no file '{picture}'.");
        }

        var order = _options.Read(parsed, JobKind.Video, prompt) with
        {
            Picture = picture,
            ImageGuidance = parsed.GetValue(_imageGuidance),
        };
        return await JobCommand.RunAsync(order, parsed.GetValue(_options.Json), cancellationToken);
    }
}
