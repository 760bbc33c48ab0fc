using Emu.Api.Routing;
using Emu.Api.Tests.Server;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Emu.Api.Tests.Fuzzing;

public sealed class FuzzTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    private const int Requests = 1500;

    [Fact]
    public void EveryRoute_GeneratedRequests_NoServerErrorNoStackTraceNoStoredRefusal()
    {
        var routes = server.Services.GetRequiredService<RouteTable>().Routes;
        Prop.ForAll(RequestGenerator.Requests(routes).ToArbitrary(), request => CheckAsync(request).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Requests).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Connection_MutatedBytes_NoServerErrorNoStackTrace()
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

        // 505 (HTTP Version Not Supported) is how HTTP itself requires a response to a mutated version.
        Prop.ForAll(mutated.ToArbitrary(), bytes => RawHttp.SendAsync(server.Address, bytes, closeSending: true).GetAwaiter().GetResult() is var response && (response.Status == 505 || IsFine(response)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));
    }

    private static bool IsFine((int Status, string Text) response) =>
        response.Status < 500 && !response.Text.Contains("   at Emu", StringComparison.Ordinal) && !response.Text.Contains("Exception", StringComparison.Ordinal);

    private async Task<bool> CheckAsync(GeneratedRequest request)
    {
        // A job that an earlier request created may still be ending; only records count here.
        var before = await RecordsAsync();
        var response = await RawHttp.SendAsync(server.Address, request);
        var isAccepted = response.Status is 200 or 202 && request.Method == "POST";
        return IsFine(response) && response.Status != 0 && (isAccepted || await RecordsAsync() == before);
    }

    private async Task<int> RecordsAsync()
    {
        var count = 0;
        await foreach (var artifact in server.Store.ListAsync("jobs/", null, CancellationToken.None))
        {
            count += artifact.Name.EndsWith("/job.json", StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
