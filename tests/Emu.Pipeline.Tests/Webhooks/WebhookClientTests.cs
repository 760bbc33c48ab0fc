using System.Diagnostics;
using System.Text.Json;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>Widely used receivers accept the deliveries: the npm packages <c>standardwebhooks</c> and <c>openai</c>.</summary>
public sealed class WebhookClientTests : IAsyncLifetime
{
    private const string StandardWebhooks = """
        const { Webhook } = require("standardwebhooks");
        const { body, headers, secrets } = JSON.parse(require("fs").readFileSync(0, "utf8"));
        for (const secret of secrets) new Webhook(secret).verify(body, headers);
        try { new Webhook("whsec_" + Buffer.alloc(32, 7).toString("base64")).verify(body, headers); process.exit(3); } catch { }
        try { new Webhook(secrets[0]).verify(body + " ", headers); process.exit(4); } catch { }
        console.log(JSON.parse(body).type);
        """;

    private const string OpenAI = """
        const OpenAI = require("openai").default;
        const { body, headers, secrets } = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const client = new OpenAI({ apiKey: "none" });
        (async () => {
          for (const secret of secrets) await client.webhooks.verifySignature(body, headers, secret);
          console.log((await client.webhooks.unwrap(body, headers, secrets[0])).type);
        })().catch(error => { console.error(error); process.exit(2); });
        """;

    private WebhookBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await WebhookBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("standardwebhooks", StandardWebhooks)]
    [InlineData("openai", OpenAI)]
    public async Task Delivery_DuringARotation_IsAcceptedWithEitherSecret(string package, string script)
    {
        var modules = NodeModules(package);
        await using var receiver = await Receiver.StartAsync(_ => { });
        var endpoint = await _bench.AddEndpointAsync(receiver.Url);
        var rotated = await _bench.Store.UpdateEndpointAsync(
            "owner", endpoint.Id, found => found with { Secrets = WebhookSigningSecret.Rotate(found.Secrets, _bench.Time.GetUtcNow()) }, TestContext.Current.CancellationToken);

        await _bench.PublishAsync("video_1");
        await _bench.WaitAsync(endpoint.Id, found => found.State == WebhookDeliveryState.Delivered);

        var request = Assert.Single(receiver.Requests);
        var headers = new[] { WebhookSignature.IdHeader, WebhookSignature.TimestampHeader, WebhookSignature.SignatureHeader }.ToDictionary(name => name, name => request.Headers[name]);
        var secrets = rotated!.Secrets.Select(secret => secret.Secret).ToArray();
        Assert.Equal(2, secrets.Length);
        Assert.Equal(WebhookEventTypes.VideoCompleted, await RunNodeAsync(modules, script, JsonSerializer.Serialize(new { body = request.Body, headers, secrets })));
    }

    private static string NodeModules(string package)
    {
        var modules = Environment.GetEnvironmentVariable("EMU_NODE_MODULES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "emu", "node", "node_modules");
        Assert.SkipUnless(Directory.Exists(Path.Combine(modules, package)), $"The npm package '{package}' is not installed in '{modules}': npm install {package}.");
        return modules;
    }

    private static async Task<string> RunNodeAsync(string modules, string script, string input)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(script);
        start.Environment["NODE_PATH"] = modules;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"node ended with {process.ExitCode}: {await error}");
        return (await output).Trim();
    }
}
