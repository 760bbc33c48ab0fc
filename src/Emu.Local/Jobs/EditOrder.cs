using System.Text.Json;
using Emu.Local.CommandLine;
using Emu.Local.Models;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>A picture that the command line edits in process.</summary>
internal sealed record EditOrder
{
    /// <summary>The last step's job, and what is written.</summary>
    public required GenerationOrder Job { get; init; }

    /// <summary>The picture's path.</summary>
    public required string Picture { get; init; }

    /// <summary>The instructions of each version, each made from the one before; at least one.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>The models that it may need.</summary>
    public required EditModels Models { get; init; }

    /// <summary>The mask's path, if there is one.</summary>
    public string? Mask { get; init; }

    /// <summary>The background's path, if there is one.</summary>
    public string? Background { get; init; }

    /// <summary>Where the sheet goes, if one is wanted.</summary>
    public OutputTarget? Compare { get; init; }

    /// <summary>Whether everything is read back and compared.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether a step is about the subject, which has to be found.</summary>
    public bool NeedsSubject { get; init; }

    /// <summary>Refuses what would fail at the end: files that cannot be written, formats with a loss that was not accepted.</summary>
    /// <exception cref="UsageException">A format is not accepted.</exception>
    /// <exception cref="CommandFailedException">A file cannot be written.</exception>
    public void Check()
    {
        var lossless = PictureFormats.Writable[PictureFormat.Png].Name;
        if (Job.Draft.Edit is not { Lossy: true } && Job.Outputs.FirstOrDefault(output => Job.FormatOf(output) != lossless) is { } lossy)
        {
            throw new UsageException($"--out '{Path.GetFileName(lossy.Path)}': this format changes every pixel a little, those too that the edit does not touch. Say --lossy to accept that, or name a .png.");
        }

        if (Compare is { } sheet && OutputFormats.Of(JobKind.Edit, sheet.Path) != lossless)
        {
            throw new UsageException($"--compare '{Path.GetFileName(sheet.Path)}': the sheet is a PNG; name a .png.");
        }

        if (Job.Outputs.FirstOrDefault(output => Path.GetFullPath(Picture) == output.Path) is not null)
        {
            throw new UsageException("--out names the picture itself; name another file, so that the source stays.");
        }

        Job.Probe();
        Compare?.Probe();
    }
}

/// <summary>One version of a finished edit.</summary>
/// <param name="Instruction">Its instructions, one a line.</param>
/// <param name="Plan">What they were read as: steps, in order.</param>
/// <param name="KeptShare">The share of pixels that are those of the version before, 0 to 1.</param>
/// <param name="Found">The box around the subject, if one was looked for.</param>
internal sealed record EditedStep(string Instruction, JsonElement? Plan, double KeptShare, EditBox? Found);

/// <summary>What <c>emu edit</c> made: what <c>--json</c> prints.</summary>
/// <param name="Outputs">The files written.</param>
/// <param name="Steps">The versions, the last one being what was written.</param>
/// <param name="KeptShare">The share of pixels that are the picture's own, 0 to 1.</param>
/// <param name="Seed">The seed of the first step.</param>
/// <param name="Seconds">Seconds by stage of the last step, and <c>total</c>.</param>
/// <param name="Warnings">What the user should know.</param>
/// <param name="Problems">What could not be written or proven, and why; the command fails then.</param>
/// <param name="Compare">The sheet, if one was written.</param>
/// <param name="Verified">What was proven, if that was asked for.</param>
/// <param name="Kept">The folder with every stage's artifacts, if they were kept.</param>
internal sealed record EditResult(
    IReadOnlyList<JobOutput> Outputs,
    IReadOnlyList<EditedStep> Steps,
    double KeptShare,
    long Seed,
    IReadOnlyDictionary<string, double> Seconds,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Problems,
    string? Compare,
    string? Verified,
    string? Kept);
