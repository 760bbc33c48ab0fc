using Emu.Functions.Hosting;
using Emu.Functions.Settings;
using Emu.Pipeline.Artifacts;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
try
{
    var options = FunctionsOptions.Read(builder.Configuration, builder.Environment.IsDevelopment());
    await builder.Services.AddEmuFunctionsAsync(options, CancellationToken.None);
}
catch (Exception exception) when (exception is SettingException or ArtifactStoreException)
{
    await Console.Error.WriteLineAsync($"emu-functions: {exception.Message}");
    return 1;
}

await builder.Build().RunAsync();
return 0;
