using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Commands;

/// <summary><c>emu work</c>: does what is queued, without a web server.</summary>
internal sealed class WorkCommand : Command
{
    private readonly HostingOptions _options = new();
    private readonly Option<bool> _drain = new("--drain") { Description = "End when no job is left; otherwise work until stopped" };

    public WorkCommand()
        : base("work", "Does the jobs that are queued in a data folder")
    {
        foreach (var option in _options.All)
        {
            Add(option);
        }

        Add(_drain);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var hub = _options.Hub(parsed, takesLightWork: false);
        var home = hub is null ? null : await SharedHome.OpenAsync(hub, cancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var work = await _options.AddWorkAsync(builder.Services, parsed, hub, home, cancellationToken);
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        foreach (var line in work.Prepend("working on what is queued; press Ctrl+C to stop"))
        {
            await parsed.Errors().WriteLineAsync($"emu: {line}");
        }

        if (parsed.GetValue(_drain))
        {
            await host.DrainAsync(cancellationToken);
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Success;
        }

        await host.RunUntilStoppedAsync(cancellationToken);
        await parsed.Errors().WriteLineAsync("emu: stopping; unfinished jobs go on at the next start");
        return ExitCode.Success;
    }
}
