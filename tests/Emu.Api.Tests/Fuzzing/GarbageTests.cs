using Emu.Api.Routing;
using Emu.Api.Tests.Server;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Api.Tests.Fuzzing;

public sealed class GarbageTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    private const int Requests = 1500;

    [Fact]
    public void EveryRoute_GeneratedRequests_NeverA5xxNorAStackTraceNorAStoredRefusal()
    {
        var routes = server.Services.GetRequiredService<RouteTable>().Routes;
        Prop.ForAll(Garbage.Requests(routes).ToArbitrary(), request => CheckAsync(request).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Requests).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Connection_MutatedBytes_NeverA5xxNorAStackTrace()
    {
        var valid = "POST /v1/videos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 18\r\nConnection: close\r\n\r\n{\"prompt\":\"a fox\"}"u8.ToArray();
        var mutated =
            from count in Gen.Choose(1, 6)
            from places in Gen.Choose(0, valid.Length - 1).ArrayOf(count)
            from bytes in Gen.Choose(0, 255).ArrayOf(count)
            from cut in Gen.Choose(1, valid.Length)
            select places.Zip(bytes).Aggregate(valid[..cut], (text, change) =>
            {
                text[change.First % text.Length] = (byte)change.Second;
                return text;
            });

        // 505 (HTTP Version Not Supported) is how HTTP itself wants a mutated version answered.
        Prop.ForAll(mutated.ToArbitrary(), bytes => RawHttp.SendAsync(server.Address, bytes, hangUp: true).GetAwaiter().GetResult() is var answer && (answer.Status == 505 || IsFine(answer)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));
    }

    private static bool IsFine((int Status, string Text) answer) =>
        answer.Status < 500 && !answer.Text.Contains("   at Emu", StringComparison.Ordinal) && !answer.Text.Contains("Exception", StringComparison.Ordinal);

    private async Task<bool> CheckAsync(GarbageRequest request)
    {
        // A job that was taken by an earlier request may still be ending; only records count here.
        var before = await RecordsAsync();
        var answer = await RawHttp.SendAsync(server.Address, request);
        var isTaken = answer.Status is 200 or 202 && request.Method == "POST";
        return IsFine(answer) && answer.Status != 0 && (isTaken || await RecordsAsync() == before);
    }

    private async Task<int> RecordsAsync()
    {
        var count = 0;
        await foreach (var artifact in server.Host.Store.ListAsync("jobs/", null, CancellationToken.None))
        {
            count += artifact.Name.EndsWith("/job.json", StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
