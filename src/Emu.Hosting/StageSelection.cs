using System.Diagnostics.CodeAnalysis;
using Emu.Pipeline.Stages;

namespace Emu.Hosting;

/// <summary>The stages that a process of a shared hub does, as people write them.</summary>
public static class StageSelection
{
    /// <summary>What stands for no stage.</summary>
    public const string None = "none";

    /// <summary>The stages that run models.</summary>
    public static IReadOnlyList<string> Models { get; } = [StageNames.Keyframe, StageNames.Animate, StageNames.Interpolate, StageNames.Upsample];

    /// <summary>Every stage that can be named.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Models, StageNames.Encode];

    /// <summary>What is accepted, for messages.</summary>
    public static string Accepted { get; } = $"{string.Join(", ", All)} with commas between them, or '{None}'";

    /// <summary>Reads names with commas between them, or <see cref="None"/>.</summary>
    /// <param name="text">The names.</param>
    /// <param name="activities">The activities; whoever encodes also makes the further formats of jobs that have ended.</param>
    /// <returns>False if a name is no stage's, or there is none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyCollection<string>? activities)
    {
        ArgumentNullException.ThrowIfNull(text);
        var named = text == None ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isAccepted = named.All(All.Contains) && (named.Length > 0 || text == None);
        activities = isAccepted ? [.. named, .. named.Contains(StageNames.Encode) ? [StageNames.Format] : Array.Empty<string>()] : null;
        return isAccepted;
    }
}
