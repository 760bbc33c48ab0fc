using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>How long each stage took, from when the one before was done to when it was done itself; chunks count together.</summary>
internal static class StageSeconds
{
    /// <summary>Reads the stages' times.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="job">The finished job.</param>
    /// <param name="setUp">How long it took until the job was taken: the package read and checked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Dictionary<string, double>> ReadAsync(IArtifactStore store, JobRecord job, TimeSpan setUp, CancellationToken cancellationToken)
    {
        var seconds = new Dictionary<string, double> { ["setup"] = Math.Round(setUp.TotalSeconds, 3) };
        var before = job.CreatedAt;
        foreach (var manifest in await StageList.ReadAsync(store, job.Id, cancellationToken))
        {
            var stage = manifest.Stage.Split('.')[0];
            seconds[stage] = Math.Round(seconds.GetValueOrDefault(stage) + (manifest.CompletedAt - before).TotalSeconds, 3);
            before = manifest.CompletedAt;
        }

        return seconds;
    }
}
