using Emu.Diffusion.Sessions;
using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>One job that the command line runs in process.</summary>
internal sealed record GenerationOrder
{
    /// <summary>The job's request, without model and formats.</summary>
    public required JobDraft Draft { get; init; }

    /// <summary>The path of the picture to animate or edit, if there is one.</summary>
    public string? Picture { get; init; }

    /// <summary>The files to write.</summary>
    public required IReadOnlyList<OutputTarget> Outputs { get; init; }

    /// <summary>The model package's folder.</summary>
    public required string Model { get; init; }

    /// <summary>Where the model runs.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>Whether int8 may be used.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>A folder for every stage's artifacts, if they are kept.</summary>
    public string? Keep { get; init; }

    /// <summary>A video, a picture or an edit.</summary>
    public JobKind Kind => Draft.Kind;

    /// <summary>The format of one of the files.</summary>
    public string FormatOf(OutputTarget output) => OutputFormats.Of(Kind, output.Path) ?? throw new ArgumentException($"'{output.Path}' names no format.", nameof(output));

    /// <summary>The whole request, with what the user should know of it.</summary>
    /// <param name="model">The model's name; null if none is named.</param>
    public JobDraft ToDraft(string? model) =>
        FindWarnings().Aggregate(Draft with { Model = model, Formats = [.. Outputs.Select(FormatOf).Distinct()] }, (draft, warning) => draft.Warn(warning));

    /// <summary>Tries whether everything can be written.</summary>
    /// <exception cref="CommandFailedException">Something cannot; the message names the option.</exception>
    public void Probe()
    {
        foreach (var output in Outputs)
        {
            output.Probe();
        }

        if (Keep is not null)
        {
            KeptArtifacts.Probe(Keep);
        }
    }

    // Transparency that a format cannot keep.
    private IEnumerable<string> FindWarnings()
    {
        if (Draft.Transparent)
        {
            foreach (var output in Outputs.Where(output => !OutputFormats.KeepsAlpha(Kind, output.Path)))
            {
                yield return $"{Path.GetFileName(output.Path)}: this format has no transparency, so its background is white.";
            }
        }
    }
}
