using System.CommandLine;
using Emu.Api.Limits;
using Emu.Local.Hosting;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Bench.Api;

/// <summary>The server of the API benchmark, a process of its own: everything that <c>emu serve</c> has, over jobs that wait.</summary>
internal static class ApiServer
{
    /// <summary>The command's name.</summary>
    public const string Name = "api-server";

    /// <summary>The command, which the benchmark starts.</summary>
    public static Command Create()
    {
        var data = new Argument<string>("data");
        var command = new Command(Name, "The API benchmark's server.") { data };
        command.Hidden = true;
        command.SetAction((result, cancellationToken) => RunAsync(new DataFolder(result.GetValue(data)!), cancellationToken));
        return command;
    }

    private static async Task RunAsync(DataFolder data, CancellationToken cancellationToken)
    {
        var options = JobHostOptions.On(data) with { Sweep = new SweepOptions() };
        await using var host = await JobHost.OpenAsync(options, [new HostedStage(new ParkedStage(), JobHost.ModelGroup)], NullLoggerFactory.Instance, null, cancellationToken);
        await host.StartAsync([ParkedStage.Capabilities], cancellationToken);
        var limits = new ApiLimits { RequestsPerSecond = 0, JobsInFlight = 1_000_000 };
        await using var server = await EmuServer.StartAsync(host, data, new ServerOptions { Urls = ["http://127.0.0.1:0"], Limits = limits }, _ => { }, null, cancellationToken);
        await Console.Out.WriteLineAsync(server.Urls[0]);
        await Console.Out.FlushAsync(cancellationToken);
        await Console.In.ReadToEndAsync(cancellationToken);
    }
}
