using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Commands;

/// <summary><c>emu work</c>: does what is queued, without a web server.</summary>
internal sealed class WorkCommand : Command
{
    private readonly HostingOptions _options = new();
    private readonly Option<bool> _drain = new("--drain") { Description = "End when no job is left; otherwise work until stopped" };

    /// <summary>Creates the command.</summary>
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
        using var loggers = LoggerFactory.Create(HostingOptions.ConfigureLogging);
        await using var host = await WorkHost.OpenAsync(_options.Read(parsed), loggers, cancellationToken);
        await host.StartAsync(cancellationToken);
        foreach (var line in host.Watched.Prepend($"working on {host.Options.Data.Path}; models: {string.Join(", ", host.Models.Names)}"))
        {
            await Console.Error.WriteLineAsync($"emu: {line}");
        }

        if (parsed.GetValue(_drain))
        {
            await host.Jobs.DrainAsync(cancellationToken);
            return ExitCode.Success;
        }

        await host.RunAsync(cancellationToken);
        await Console.Error.WriteLineAsync("emu: stopping; unfinished jobs go on at the next start");
        return ExitCode.Success;
    }
}
