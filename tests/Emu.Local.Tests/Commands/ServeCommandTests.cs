using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Emu.Local.Tests.Commands;

public sealed partial class ServeCommandTests
{
    private const int Kill = 9;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_KilledWhileAWebhookIsUnderWay_DeliversItAfterTheRestartAndNeverAgain()
    {
        using var folder = new TemporaryFolder();
        var ids = new ConcurrentQueue<string>();
        var hold = new TaskCompletionSource();
        await using var receiver = await StartReceiverAsync(async context =>
        {
            ids.Enqueue(context.Request.Headers["webhook-id"].ToString());
            await hold.Task.WaitAsync(context.RequestAborted);
        });

        using (var server = await StartAsync(folder))
        {
            await CreateAsync(server, receiver.Urls.First() + "/hook");
            await UntilAsync(() => ids.Count == 1, server);
            server.Signal(Kill);
            await server.WaitAsync();
        }

        hold.SetResult();
        using (var server = await StartAsync(folder))
        {
            await UntilAsync(() => ids.Count == 2, server);
            await UntilAsync(() => IsDelivered(folder), server);
            server.Signal(Kill);
            await server.WaitAsync();
        }

        using (var server = await StartAsync(folder))
        {
            // The engine resumes its oldest instances first: whatever it still had to send comes before the next job's webhook.
            var first = Assert.Single(ids.Distinct());
            await CreateAsync(server, receiver.Urls.First() + "/hook");
            await UntilAsync(() => ids.Any(id => id != first), server);
            Assert.Equal(2, ids.Count(id => id == first));
        }
    }

    [Fact]
    public async Task Serve_DataFolderInUse_SaysSoAndEnds()
    {
        using var folder = new TemporaryFolder();
        using var server = await StartAsync(folder);

        var second = await EmuCommand.RunAsync("work", "--data", folder["data"], "--drain");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"The data folder '{folder["data"]}' is in use", second.Errors, StringComparison.Ordinal);
    }

    private static async Task<EmuProcess> StartAsync(TemporaryFolder folder)
    {
        var server = EmuProcess.Start(folder.Path, new Dictionary<string, string?>(), "serve", "--urls", "http://127.0.0.1:0", "--data", "data", "--allow-private-webhooks");
        await server.WaitForErrorsAsync("there are no API keys");
        return server;
    }

    private static async Task CreateAsync(EmuProcess server, string url)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(server.Errors).Value) };
        var answer = await client.PostAsJsonAsync("/v1/videos", new { prompt = "ghost", seed = 7, steps = 1, size = "128x128", webhook_url = url }, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static bool IsDelivered(TemporaryFolder folder) =>
        Directory.EnumerateFiles(Path.Combine(folder["data"], "private", "webhooks"), "*.json", SearchOption.AllDirectories)
            .Where(file => file.Contains("deliveries", StringComparison.Ordinal))
            .Any(file => JsonElement.Parse(File.ReadAllText(file)).GetProperty("state").GetString() == "delivered");

    private static async Task UntilAsync(Func<bool> condition, EmuProcess server)
    {
        for (var looks = 0; looks < 1200 && !condition(); looks++)
        {
            await Task.Delay(100, Token);
        }

        Assert.True(condition(), server.Errors);
    }

    private static async Task<WebApplication> StartReceiverAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = builder.Build();
        receiver.MapPost("/hook", answer);
        await receiver.StartAsync(Token);
        return receiver;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
