using System.CommandLine;

namespace Emu.Bench.Pipeline;

/// <summary>The process that the pipeline benchmark kills: works on a data folder until nothing is left.</summary>
internal static class PipelineWorker
{
    /// <summary>The command's name.</summary>
    public const string Name = "pipeline-worker";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Argument<DirectoryInfo>("data") { Description = "The engine's data folder." };
        var command = new Command(Name, "Used by the pipeline benchmark.") { data };
        command.Hidden = true;
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var engine = EmptyJob.CreateEngine(result.GetRequiredValue(data).FullName);
            await engine.StartAsync(cancellationToken);
            await engine.DrainAsync(cancellationToken);
        });
        return command;
    }
}
