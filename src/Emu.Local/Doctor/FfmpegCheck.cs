using System.Globalization;
using System.Text.RegularExpressions;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Local.Doctor;

/// <summary>Looks for ffmpeg and the encoders that the formats need.</summary>
internal static partial class FfmpegCheck
{
    private static readonly Version Oldest = new(5, 1);

    private static readonly (string Encoder, string Format)[] Encoders =
        [("libx264", ".mp4"), ("gif", ".gif"), ("libwebp_anim", ".webp"), ("apng", ".png"), ("libvpx-vp9", ".webm"), ("ffv1", "frames between stages")];

    /// <summary>Runs <c>ffmpeg -version</c> and <c>ffmpeg -encoders</c>.</summary>
    public static async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        var path = FfmpegInstallation.TryLocate(new FfmpegOptions());
        if (path is null)
        {
            return new("ffmpeg", FindingState.Missing, "not found on the PATH; needed for video", FfmpegInstallation.InstallCommand);
        }

        var version = (await ProgramOutput.ReadAsync(path, ["-version"], cancellationToken)).Split('\n')[0].Split(' ');
        var listed = await ProgramOutput.ReadAsync(path, ["-hide_banner", "-encoders"], cancellationToken);
        var known = listed.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1).Select(words => words[1]).ToHashSet();
        var missing = Encoders.Where(encoder => !known.Contains(encoder.Encoder)).ToArray();
        var name = version.Length > 2 ? version[2] : "of unknown version";
        if (IsTooOld(name))
        {
            return new("ffmpeg", FindingState.Missing, $"{name} ({path}) is too old; {Oldest} or later is needed", FfmpegInstallation.InstallCommand);
        }

        return missing.Length == 0
            ? new("ffmpeg", FindingState.Ok, $"{name} ({path})")
            : new(
                "ffmpeg",
                FindingState.Missing,
                $"{name} ({path}) lacks {string.Join(", ", missing.Select(encoder => $"{encoder.Encoder} (for {encoder.Format})"))}",
                $"install a full build: {FfmpegInstallation.InstallCommand}");
    }

    /// <summary>Releases are called 5.1.6-0+deb12u1 or n7.1; builds between releases (N-109542-g…) say no version and pass.</summary>
    private static bool IsTooOld(string name) =>
        Release().Match(name) is { Success: true } release
        && new Version(Number(release, 1), Number(release, 2)) < Oldest;

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^n?([0-9]{1,4})\.([0-9]{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}
