using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions.Engines;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Versions;
using Emu.Worker.Settings;

namespace Emu.Worker.Hosting;

/// <summary>The program: runs until it is told to stop.</summary>
public static class WorkerProgram
{
    /// <summary>Reads the settings and works until SIGTERM or Ctrl-C.</summary>
    /// <param name="args">Settings, as <c>--EMU_STORAGE value</c>: they win over environment variables.</param>
    /// <param name="errors">Gets one line that says why it does not start.</param>
    /// <returns>0, or 1 if it could not start.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Emu.Worker" });
            await using var app = await WorkerHost.BuildAsync(builder, WorkerOptions.Read(builder.Configuration), CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is WorkerSettingException or DurableEngineUnavailableException or DurableDataVersionException or StoredDataVersionException
            or ArtifactStoreException or ModelPackageException or DeviceUnavailableException or ArgumentException { ParamName: "storage" })
        {
            await errors.WriteLineAsync($"emu-worker: {exception.Message}");
            return 1;
        }
    }
}
