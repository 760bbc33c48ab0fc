using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>One job that the command line runs in process.</summary>
internal sealed record GenerationOrder
{
    /// <summary>The job's request, without model and formats.</summary>
    public required JobDraft Draft { get; init; }

    /// <summary>The path of the picture to animate, if there is one.</summary>
    public string? Picture { get; init; }

    /// <summary>Full paths of the files to write.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The model package's folder.</summary>
    public required string Model { get; init; }

    /// <summary>Where the model runs.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>Whether int8 may be used.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>A folder for every stage's artifacts, if they are kept.</summary>
    public string? Keep { get; init; }

    /// <summary>A video or a picture.</summary>
    public JobKind Kind => Draft.Kind;

    /// <summary>The format of one of the files.</summary>
    public string FormatOf(string output) => OutputFormats.Of(Kind, output) ?? throw new ArgumentException($"'{output}' names no format.", nameof(output));

    /// <summary>The whole request.</summary>
    /// <param name="model">The model's name.</param>
    public JobDraft ToDraft(string model) => Draft with { Model = model, Formats = [.. Outputs.Select(FormatOf).Distinct()] };

    /// <summary>What the user should know before the job runs: words without effect, and transparency that a format cannot keep.</summary>
    public IEnumerable<string> FindWarnings(ModelPackage package)
    {
        var texts = Draft.Prompt.Length == 0 ? [] : package.Text.Select(text => package.GetTokenizer(text.Source).Encode(Draft.Prompt)).ToArray();
        var unknown = texts.SelectMany(text => text.UnknownWords).Distinct().ToArray();
        if (unknown.Length > 0)
        {
            var words = string.Join(", ", unknown.Select(word => $"'{word}'"));
            yield return $"the model does not know {words}: {(unknown.Length == 1 ? "that word has" : "those words have")} no effect";
        }

        if (texts.Select(text => text.DroppedTokens).DefaultIfEmpty().Max() is var dropped and > 0)
        {
            yield return $"the prompt is longer than the model reads: its last {(dropped == 1 ? "word has" : $"{dropped} words have")} no effect";
        }

        if (Draft.Transparent)
        {
            foreach (var output in Outputs.Where(output => !OutputFormats.KeepsAlpha(Kind, output)))
            {
                yield return $"{Path.GetFileName(output)}: this format has no transparency, so its background is white";
            }
        }
    }
}
