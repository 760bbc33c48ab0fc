using Azure.Core;
using Azure.Identity;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Connection;
using Grpc.Core;
using Microsoft.DurableTask.Protobuf;

namespace Emu.Durable.Scheduler.Tests.Connection;

/// <summary>What goes over the wire, and what becomes of errors.</summary>
public sealed class SchedulerConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfClientAndWorkers_NameHubWorkerAndAgent()
    {
        await using var fixture = new SchedulerFixture();
        await fixture.StartAsync([new TestOrchestration<int, int>("echo", (_, input) => Task.FromResult(input))], []);
        await fixture.Client.StartIfAbsentAsync("echo", "instance", 1, Token);
        while (await fixture.Client.GetStatusAsync("instance", Token) is { RuntimeStatus: <= Abstractions.OrchestrationRuntimeStatus.Running })
        {
            await Task.Delay(10, Token);
        }

        var calls = fixture.Server!.Requests.Calls.ToArray();
        Assert.All(calls, call => Assert.Equal(SchedulerFixture.TaskHub, call.TaskHub));
        var start = Assert.Single(calls, call => call.Method == "StartInstance");
        Assert.Equal((null, "durabletask-dotnet/emu (DurableTaskClient)", null), (start.WorkerId, start.UserAgent, start.Authorization));
        var work = Assert.Single(calls, call => call.Method == "GetWorkItems");
        Assert.Equal("durabletask-dotnet/emu (DurableTaskWorker)", work.UserAgent);
        Assert.StartsWith($"{Environment.MachineName},{Environment.ProcessId},", work.WorkerId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TerminateAndPurge_AskForChildrenToo()
    {
        await using var fixture = new SchedulerFixture();
        await fixture.StartAsync([new TestOrchestration<int, int>("wait", (context, _) => context.WaitForEventAsync<int>("never"))], []);
        await fixture.Client.StartIfAbsentAsync("wait", "instance", 1, Token);
        await fixture.Client.TerminateAsync("instance", "enough", Token);
        while (await fixture.Client.GetStatusAsync("instance", Token) is { RuntimeStatus: <= Abstractions.OrchestrationRuntimeStatus.Running })
        {
            await Task.Delay(10, Token);
        }

        Assert.True(await fixture.Client.PurgeAsync("instance", Token));
        var messages = fixture.Server!.Requests.Calls.Select(call => call.Message).ToArray();
        Assert.True(Assert.Single(messages.OfType<TerminateRequest>()).Recursive);
        Assert.True(Assert.Single(messages.OfType<PurgeInstancesRequest>()).Recursive);
    }

    [Fact]
    public async Task Check_HubThatTheSchedulerDoesNotKnow_Throws()
    {
        await using var fixture = new SchedulerFixture();
        var options = await fixture.OptionsAsync();
        await SchedulerEngine.CheckAsync(options, Token);
        var exception = await Assert.ThrowsAsync<DurableEngineUnavailableException>(() => SchedulerEngine.CheckAsync(options with { TaskHub = "other" }, Token));
        Assert.Contains("There is no task hub 'other'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NobodyAnswers_Throws()
    {
        var options = new SchedulerEngineOptions { Endpoint = SchedulerEndpoint.Parse("http://127.0.0.1:9"), TaskHub = "hub" };
        var exception = await Assert.ThrowsAsync<DurableEngineUnavailableException>(() => SchedulerEngine.CheckAsync(options, Token));
        Assert.Contains("did not answer", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_CredentialThatFails_SaysThatItCouldNotSignIn()
    {
        var options = new SchedulerEngineOptions { Endpoint = SchedulerEndpoint.Parse("https://127.0.0.1:9"), TaskHub = "hub", Credential = new NoCredential() };
        var exception = await Assert.ThrowsAsync<DurableEngineUnavailableException>(() => SchedulerEngine.CheckAsync(options, Token));
        Assert.Contains("could not be signed in to", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessTokens_FiveMinutesBeforeTheEnd_AreRenewed()
    {
        var credential = new CountingCredential();
        var tokens = new AccessTokens(credential);
        credential.Lifetime = TimeSpan.FromMinutes(6);
        Assert.Equal("1", await tokens.GetAsync(Token));
        Assert.Equal("1", await tokens.GetAsync(Token));
        Assert.Equal(["https://durabletask.io/.default"], credential.Scopes);

        var soon = new AccessTokens(credential);
        credential.Lifetime = TimeSpan.FromMinutes(4);
        Assert.Equal("2", await soon.GetAsync(Token));
        Assert.Equal("3", await soon.GetAsync(Token));
    }

    [Fact]
    public async Task Replace_FailingChannel_IsReplacedOnce()
    {
        using var connection = new SchedulerConnection(new SchedulerEngineOptions { Endpoint = new Uri("http://localhost:1"), TaskHub = "hub" }, null);
        var first = connection.Channel;
        var second = await connection.ReplaceAsync(first, Token);
        Assert.NotSame(first, second);
        Assert.Same(second, connection.Channel);
        Assert.Same(second, await connection.ReplaceAsync(first, Token));
    }

    [Theory]
    [InlineData("https://name.westeurope.durabletask.io", "https://name.westeurope.durabletask.io/")]
    [InlineData("name.westeurope.durabletask.io", "https://name.westeurope.durabletask.io/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    public void Endpoint_Accepted_IsRead(string text, string expected) => Assert.Equal(expected, SchedulerEndpoint.Parse(text).AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("http://name.westeurope.durabletask.io")]
    [InlineData("http://10.0.0.1:8080")]
    [InlineData("ftp://localhost")]
    [InlineData("https://name/path")]
    [InlineData("not an address")]
    public void Endpoint_OfAnotherForm_Throws(string? text) =>
        Assert.Contains("accepted is https://NAME.REGION.durabletask.io", Assert.ThrowsAny<ArgumentException>(() => SchedulerEndpoint.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("my hub")]
    [InlineData("my--hub")]
    [InlineData("-hub")]
    [InlineData("hub-")]
    [InlineData("a23456789012345678901234567890123456789012345678901")]
    public void Options_HubNameThatIsNone_Throws(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => new SchedulerEngineOptions { Endpoint = new Uri("http://localhost:1"), TaskHub = name });

    [Theory]
    [InlineData(StatusCode.PermissionDenied, "Durable Task Data Contributor")]
    [InlineData(StatusCode.DeadlineExceeded, "in time")]
    [InlineData(StatusCode.Internal, "Internal")]
    public void Translate_StatusOfGrpc_IsSaid(StatusCode code, string expected) =>
        Assert.Contains(expected, SchedulerErrors.Translate(new RpcException(new Status(code, "detail")))!.Message, StringComparison.Ordinal);

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("nobody is signed in");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("nobody is signed in");
    }

    private sealed class CountingCredential : TokenCredential
    {
        private int _count;

        public TimeSpan Lifetime { get; set; }

        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken($"{++_count}", DateTimeOffset.UtcNow + Lifetime);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
