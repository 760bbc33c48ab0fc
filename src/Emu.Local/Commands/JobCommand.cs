using System.Globalization;
using System.Text.Json;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Progress;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary>What <c>generate</c> and <c>image</c> have in common: run the job under a progress view, then print what came of it.</summary>
internal static class JobCommand
{
    /// <summary>Runs a job.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(GenerationOrder order, bool json, CancellationToken cancellationToken)
    {
        var view = JobViews.ForStandardError();
        var result = await view.RunAsync(() => JobRun.RunAsync(order, view, cancellationToken));
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, PipelineJson.Options));
            return ExitCode.Success;
        }

        foreach (var output in result.Outputs)
        {
            await Console.Out.WriteLineAsync(Describe(output, result));
        }

        return ExitCode.Success;
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
