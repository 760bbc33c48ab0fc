using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.OpenAIClient;

/// <summary>The official npm package <c>openai</c>, unchanged, against the server: client.mjs holds what a program does with it.</summary>
public sealed class OpenAIClientTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    private static string Modules =>
        Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");

    [Theory]
    [InlineData("create")]
    [InlineData("download")]
    [InlineData("file")]
    [InlineData("dataUrl")]
    [InlineData("list")]
    [InlineData("remix")]
    [InlineData("delete")]
    [InlineData("errors")]
    [InlineData("idempotency")]
    [InlineData("wait")]
    [InlineData("images")]
    [InlineData("edits")]
    [InlineData("models")]
    public async Task Scenario_Client_Passes(string scenario)
    {
        using var client = Start(server, scenario, "none");
        await PassesAsync(client);
    }

    [Fact]
    public async Task Scenario_KeysExist_NeedsAGoodOne()
    {
        await using var own = new PipelineServer();
        await own.InitializeAsync();
        var key = own.Keys.Create("client", null);
        await own.KeysNeededAsync();
        using var stranger = Start(own, "unauthorized", "wrong");
        await PassesAsync(stranger);
        using var owner = Start(own, "create", key.Secret);
        await PassesAsync(owner);
    }

    [Fact]
    public async Task Scenario_ServerRestartsInTheMiddle_PollsOn()
    {
        await using var own = new PipelineServer();
        await own.InitializeAsync();
        using var client = Start(own, "poll", "none", retries: 20);
        var id = await client.StandardOutput.ReadLineAsync() ?? "";
        Assert.StartsWith("video_", id, StringComparison.Ordinal);
        await own.InProgressAsync(id);
        await own.StopAsync();
        await RefuseConnectionAsync(own.Address.Port);
        await own.StartAsync();
        await PassesAsync(client);
    }

    private static Process Start(PipelineServer server, string scenario, string key, int retries = 2)
    {
        if (!Directory.Exists(Path.Combine(Modules, "openai")))
        {
            Assert.Skip($"The npm package openai is not in {Modules}: './emu test' installs it, or set EMU_NODE_MODULES.");
        }

        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "OpenAIClient", "client.mjs"));
        start.ArgumentList.Add(scenario);
        start.Environment["EMU_BASE_URL"] = new Uri(server.Address, "/v1").ToString();
        start.Environment["EMU_API_KEY"] = key;
        start.Environment["EMU_RETRIES"] = retries.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["EMU_NODE_MODULES"] = Modules;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed.");
            throw;
        }
    }

    /// <summary>Waits until the client polls the stopped server, and closes its connection.</summary>
    private static async Task RefuseConnectionAsync(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var connection = await listener.AcceptTcpClientAsync(timeout.Token);
        connection.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private static async Task PassesAsync(Process client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var errors = client.StandardError.ReadToEndAsync(timeout.Token);
        await client.WaitForExitAsync(timeout.Token);
        Assert.True(client.ExitCode == 0, await errors);
    }
}
