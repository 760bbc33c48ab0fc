using System.Diagnostics;

namespace Emu.Functions.Tests.Host;

/// <summary>The npm packages <c>openai</c> and <c>standardwebhooks</c>, unchanged, against the app under a real Functions host; client.mjs holds what a program does with them.</summary>
[Collection("storage")]
public sealed class FunctionsHostClientTests(FunctionsHostProcess host) : IClassFixture<FunctionsHostProcess>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("video")]
    [InlineData("images")]
    [InlineData("webhook")]
    public async Task Scenario_Client_Passes(string scenario)
    {
        await host.StartedAsync(Token);
        var modules = Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");
        Assert.SkipUnless(Directory.Exists(Path.Combine(modules, "openai")), $"The npm package openai is not in {modules}: './emu test' installs it, or set EMU_NODE_MODULES.");
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Host", "client.mjs"), scenario]) { RedirectStandardError = true };
        start.Environment["EMU_BASE_URL"] = new Uri(host.Address, "/v1").ToString();
        start.Environment["EMU_NODE_MODULES"] = modules;

        using var client = Process.Start(start)!;
        var errors = await client.StandardError.ReadToEndAsync(Token);
        await client.WaitForExitAsync(Token);

        Assert.True(client.ExitCode == 0, $"{errors}\nThe host wrote last:\n{host.Log()}");
    }
}
