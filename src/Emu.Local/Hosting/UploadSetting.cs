using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Uploads;

namespace Emu.Local.Hosting;

/// <summary>A folder or blob container to watch, as the command line names it: <c>WHERE</c> or <c>WHERE=OWNER</c>.</summary>
/// <param name="Where">A folder's path, or a container's name where artifacts lie in blob storage.</param>
/// <param name="Owner">Whose jobs its pictures become.</param>
/// <param name="Kind">What its pictures become: videos, or edits.</param>
public sealed record UploadSetting(string Where, string Owner, JobKind Kind)
{
    /// <summary>The option that names places of a kind.</summary>
    public static string OptionOf(JobKind kind) => "--" + UploadPlaceNames.Of(kind);

    /// <summary>Where its results land, beside it: <c>outputs</c> for <c>uploads</c> and <c>edits</c>, else its name and <c>-outputs</c>.</summary>
    public string Outputs
    {
        get
        {
            var (trimmed, usual) = (Path.TrimEndingDirectorySeparator(Where), UploadPlaceNames.Of(Kind));
            return trimmed.EndsWith(usual, StringComparison.Ordinal) ? trimmed[..^usual.Length] + UploadPlaceNames.Outputs : $"{trimmed}-{UploadPlaceNames.Outputs}";
        }
    }

    /// <summary>Reads a setting.</summary>
    /// <exception cref="UsageException">The owner's name is none, or the place is empty.</exception>
    public static UploadSetting Parse(string text, JobKind kind = JobKind.Video)
    {
        ArgumentNullException.ThrowIfNull(text);
        var separator = text.LastIndexOf('=');
        var where = separator < 0 ? text : text[..separator];
        var owner = separator < 0 ? Pipeline.Jobs.Owner.Local : text[(separator + 1)..];
        if (where.Length == 0)
        {
            throw new UsageException($"{OptionOf(kind)} was given '{text}'; WHERE or WHERE=OWNER is accepted, WHERE being a folder (or a blob container with --storage).");
        }

        try
        {
            Pipeline.Jobs.Owner.Validate(owner);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{OptionOf(kind)}: {exception.Message}");
        }

        return new UploadSetting(where, owner, kind);
    }
}
