using System.CommandLine;
using System.Text.Json;
using Emu.Local.CommandLine;
using Emu.Local.Doctor;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu doctor</c>: what is installed, which device is used, what is missing and the command that mends it.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Option<string?> _storage = new("--storage") { HelpName = "CONNECTION", Description = "Check a storage too: a connection string or an account's blob address" };
    private readonly Option<string?> _scheduler = EngineOptions.CreateScheduler("Check a Durable Task Scheduler too; --storage is then the one for artifacts beside it");
    private readonly Option<string?> _taskHub = new("--task-hub") { HelpName = "NAME", Description = "With --storage or --scheduler: the task hub to look for" };
    private readonly Option<bool> _json = CommandOptions.Json();

    public DoctorCommand()
        : base("doctor", "Says what is installed, what is missing, and the command that mends it")
    {
        Add(_storage);
        Add(_scheduler);
        Add(_taskHub);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Finding[] findings =
        [
            .. SystemCheck.Run(),
            await FfmpegCheck.RunAsync(cancellationToken),
            DeviceCheck.Run(),
            ModelCheck.Run(cancellationToken),
            TemporarySpaceCheck.Run(),
            await NodeCheck.RunAsync(cancellationToken),
            .. await StorageCheck.RunAsync(parsed.GetValue(_storage), parsed.GetValue(_scheduler), parsed.GetValue(_taskHub), cancellationToken),
        ];
        var healthy = findings.All(finding => finding.State != FindingState.Missing);
        if (parsed.GetValue(_json))
        {
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(new { Healthy = healthy, Findings = findings }, PipelineJson.Options));
        }
        else
        {
            foreach (var finding in findings)
            {
                await parsed.Output().WriteLineAsync($"{Mark(finding.State),-8} {finding.Name}: {finding.Detail}");
                if (finding.Mend is { } mend)
                {
                    await parsed.Output().WriteLineAsync($"{string.Empty,-8} → {mend}");
                }
            }
        }

        return healthy ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Mark(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Optional => "optional",
        _ => "missing",
    };
}
