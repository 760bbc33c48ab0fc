using System.CommandLine;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Durable.Abstractions;
using Emu.Generation.Images;
using Emu.Local.Hosting;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
        var options = new ServerOptions { Urls = ["http://127.0.0.1:0"], Limits = new ApiLimits { RequestsPerSecond = 0, JobsInFlight = 1_000_000 } };
        var builder = LocalServer.CreateBuilder(data, options);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IImageValidator, ImageUploadValidator>();
        await builder.Services.AddEmuAsync(LocalHostOptions.On(data), services => services.AddStage(_ => new ParkedStage(), ActivityGroups.Model), cancellationToken);
        builder.Services.AddJobUpkeep();
        await using var app = builder.Build();
        app.MapEmuApi();
        await app.Services.GetRequiredService<JobService>().Models.PublishAsync(ParkedStage.Capabilities, cancellationToken);
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.Out.FlushAsync(cancellationToken);
        await Console.In.ReadToEndAsync(cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }
}
