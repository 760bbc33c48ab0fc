using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Progress;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu generate</c>: a prompt, a picture, or both become a video.</summary>
internal sealed class GenerateCommand : Command
{
    private readonly GenerationOptions _options = new(JobKind.Video);
    private readonly Argument<string?> _prompt = new("prompt") { Description = "What to show, for example: \"a duck on a blue background\"", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _image = new("--image", "-i") { HelpName = "FILE", Description = "A picture to animate (PNG, JPEG, WebP, GIF, BMP), with or without a prompt" };

    public GenerateCommand()
        : base("generate", "Makes a video from a prompt, a picture, or both")
    {
        Add(_prompt);
        Add(_image);
        foreach (var option in _options.All)
        {
            Add(option);
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

        return await GenerationCommand.RunAsync(_options.Read(parsed, prompt, picture), _options.Json, parsed, cancellationToken);
    }
}

/// <summary><c>emu image</c>: a prompt becomes a picture.</summary>
internal sealed class ImageCommand : Command
{
    private readonly GenerationOptions _options = new(JobKind.Image);
    private readonly Argument<string> _prompt = new("prompt") { Description = "What to show, for example: \"a duck on a blue background\"" };

    public ImageCommand()
        : base("image", "Makes a picture from a prompt")
    {
        Add(_prompt);
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

        return await GenerationCommand.RunAsync(_options.Read(parsed, prompt), _options.Json, parsed, cancellationToken);
    }
}

/// <summary>Runs one job, shows how far it is, and prints its result.</summary>
internal static class GenerationCommand
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(GenerationOrder order, Option<bool> json, ParseResult parsed, CancellationToken cancellationToken)
    {
        var view = JobViews.For(parsed.Errors());
        var result = await view.RunAsync(() => JobRun.RunAsync(order, view, cancellationToken));
        if (parsed.GetValue(json))
        {
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(result, PipelineJson.Options));
        }
        else
        {
            foreach (var output in result.Outputs)
            {
                await parsed.Output().WriteLineAsync(Describe(output, result));
            }
        }

        foreach (var problem in result.Problems)
        {
            await parsed.Errors().WriteLineAsync($"emu: {problem}");
        }

        return result.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Describe(JobOutput output, JobResult result)
    {
        var time = output.DurationSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", {output.Frames} frames, {seconds:0.000} s") : string.Empty;
        var path = Path.GetRelativePath(Environment.CurrentDirectory, output.Path);
        path = path.StartsWith("..", StringComparison.Ordinal) ? output.Path : path;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {output.Width}×{output.Height}{time}, {output.Bytes / 1024.0:0} KiB (seed {result.Seed}, {result.Model} on {result.Device}, {result.Seconds["total"]:0.0} s)");
    }
}
