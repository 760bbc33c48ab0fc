using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Emu.Durable.AzureStorage.Hub;

namespace Emu.Durable.AzureStorage.Tests.Hub;

public sealed class LeasesFirstTests
{
    [Fact]
    public async Task Process_OtherRequestsAreAtTheLimit_LeaseDoesNotWait()
    {
        using var release = new SemaphoreSlim(0);
        using var policy = new LeasesFirstPolicy("hubPartitions");
        var held = 0;
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(policy, HttpPipelinePosition.PerCall);
        options.AddPolicy(new Holding(release, () => Interlocked.Increment(ref held)), HttpPipelinePosition.PerCall);
        var pipeline = HttpPipelineBuilder.Build(options);

        var others = Enumerable.Range(0, 100).Select(_ => SendAsync(pipeline, "/hubHistory")).ToArray();
        await SendAsync(pipeline, "/hubPartitions");
        Assert.InRange(held, 1, 99);
        Assert.DoesNotContain(others, task => task.IsCompleted);
        release.Release(100);
        await Task.WhenAll(others);
        Assert.Equal(100, held);
    }

    private static async Task SendAsync(HttpPipeline pipeline, string path)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Uri.Reset(new Uri("http://127.0.0.1" + path));
        await pipeline.SendAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>Answers a lease at once, and holds everything else.</summary>
    private sealed class Holding(SemaphoreSlim release, Action onHeld) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (!message.Request.Uri.Path.Contains("Partitions", StringComparison.Ordinal))
            {
                onHeld();
                await release.WaitAsync(message.CancellationToken);
            }
        }
    }
}
