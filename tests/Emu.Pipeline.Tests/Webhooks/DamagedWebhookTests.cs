using System.Text;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Tests.Artifacts;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>A damaged file in the private store is named, and everything else goes on.</summary>
public sealed class DamagedWebhookTests : IAsyncDisposable
{
    private const string Owner = "owner";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly LogRecorder<WebhookStore> _log = new();
    private readonly RecordingOrchestrations _orchestrations = new();
    private readonly FolderArtifactStore _artifacts;
    private readonly WebhookStore _store;

    public DamagedWebhookTests()
    {
        _artifacts = FolderArtifactStore.OpenOwned(_folder.Path);
        _store = new WebhookStore(_artifacts, _time, _log);
    }

    public static TheoryData<string> Damages => new("", "{", "null", "[]", "[null]", "{}", "\"text\"", """{"id":null,"owner":"owner"}""");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _artifacts.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ListEndpointsAsync_OneDamaged_GivesTheOthersAndLogsItsName(string damage)
    {
        await AddEndpointAsync("we_1");
        await AddEndpointAsync("we_2");
        await AddEndpointAsync("we_3");
        await DamageAsync("/endpoints/we_2.json", damage);

        var found = await _store.ListEndpointsAsync(Owner, Token).Select(endpoint => endpoint.Id).ToListAsync(Token);

        Assert.Equal(["we_1", "we_3"], found);
        Assert.Contains("/endpoints/we_2.json", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task PublishAsync_OneEndpointDamaged_ReachesTheOthers(string damage)
    {
        await AddEndpointAsync("we_1");
        await AddEndpointAsync("we_2");
        await AddEndpointAsync("we_3");
        await DamageAsync("/endpoints/we_1.json", damage);

        await PublishAsync("video_1");

        Assert.Equal(["we_2", "we_3", WebhookTarget.Default], _orchestrations.Started.Select(target => target.Target));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ListDeliveriesAsync_OneDamaged_GivesTheOthersAndLogsItsName(string damage)
    {
        await PublishAsync("video_1");
        await PublishAsync("video_2");
        var damaged = await DamageAsync($"-{_orchestrations.Started[0].DeliveryId}.json", damage);

        var found = await _store.ListDeliveriesAsync(Owner, WebhookTarget.Default, null, Token).Select(delivery => delivery.JobId).ToListAsync(Token);

        Assert.Equal(["video_2"], found);
        Assert.Contains(damaged, Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task RemoveDueAsync_OneDamaged_RemovesTheOthers(string damage)
    {
        foreach (var job in new[] { "video_1", "video_2", "video_3" })
        {
            await PublishAsync(job);
            await _store.UpdateDeliveryAsync(_orchestrations.Started[^1], delivery => delivery with { State = WebhookDeliveryState.Dead }, Token);
        }

        var damaged = await DamageAsync($"-{_orchestrations.Started[1].DeliveryId}.json", damage);
        _time.Advance(WebhookRetention.Kept + TimeSpan.FromDays(1));

        Assert.Equal(2, await new WebhookRetention(_store, _orchestrations, _time).RemoveDueAsync(Token));

        Assert.Equal([damaged], await _artifacts.ListAsync("webhooks/", null, Token).Select(info => info.Name).ToListAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task FindAndUpdate_Damaged_NameTheFile(string damage)
    {
        await AddEndpointAsync("we_1");
        await PublishAsync("video_1");
        await _store.GetDefaultSecretsAsync(Owner, Token);
        var target = _orchestrations.Started[0];
        var endpoint = await DamageAsync("/endpoints/we_1.json", damage);
        var delivery = await DamageAsync($"-{target.DeliveryId}.json", damage);

        await AssertNamedAsync(endpoint, () => _store.FindEndpointAsync(Owner, "we_1", Token));
        await AssertNamedAsync(endpoint, () => _store.UpdateEndpointAsync(Owner, "we_1", found => found, Token));
        await AssertNamedAsync(delivery, () => _store.FindDeliveryAsync(Owner, target.Target, target.DeliveryId, Token));
        await AssertNamedAsync(delivery, () => _store.UpdateDeliveryAsync(target, found => found, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("""[{"secret":"whsec_short","created_at":"2026-01-01T00:00:00Z"}]""")]
    public async Task DefaultSecrets_Damaged_NameTheFileAndEndTheDeliveryAsADeadLetter(string damage)
    {
        await _store.GetDefaultSecretsAsync(Owner, Token);
        await PublishAsync("video_1");
        var secrets = await DamageAsync("/secret.json", damage);

        var delivery = await AttemptAsync(_orchestrations.Started[0]);

        await AssertNamedAsync(secrets, () => _store.GetDefaultSecretsAsync(Owner, Token));
        await AssertNamedAsync(secrets, () => _store.RotateDefaultSecretAsync(Owner, Token));
        Assert.Equal(WebhookDeliveryState.Dead, delivery!.State);
        Assert.Contains("secret.json", Assert.Single(delivery.Attempts).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Attempt_EndpointDamaged_EndsAsADeadLetterThatNamesTheFile(string damage)
    {
        await AddEndpointAsync("we_1");
        await PublishAsync("video_1");
        var endpoint = await DamageAsync("/endpoints/we_1.json", damage);

        var delivery = await AttemptAsync(_orchestrations.Started[0]);

        Assert.Equal(WebhookDeliveryState.Dead, delivery!.State);
        Assert.Contains(endpoint, Assert.Single(delivery.Attempts).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Attempt_DeliveryDamaged_FailsWithoutAnotherAttempt(string damage)
    {
        await PublishAsync("video_1");
        var damaged = await DamageAsync($"-{_orchestrations.Started[0].DeliveryId}.json", damage);

        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => AttemptAsync(_orchestrations.Started[0]));

        Assert.False(failed.Failure.Retryable);
        Assert.Contains(damaged, failed.Failure.Message, StringComparison.Ordinal);
    }

    private static async Task AssertNamedAsync(string name, Func<Task> action)
    {
        var damaged = await Assert.ThrowsAsync<ArtifactStoreException>(action);
        Assert.False(damaged.Retryable);
        Assert.Contains(name, damaged.Message, StringComparison.Ordinal);
    }

    private Task AddEndpointAsync(string id) => _store.CreateEndpointAsync(
        new WebhookEndpoint
        {
            Id = id,
            Owner = Owner,
            Url = new Uri("https://example.com/hook"),
            Events = WebhookEventTypes.All,
            Status = WebhookEndpointStatus.Active,
            CreatedAt = _time.GetUtcNow(),
            Secrets = WebhookSigningSecret.First(_time.GetUtcNow()),
        },
        Token);

    private Task PublishAsync(string job) => new WebhookDispatcher(_store, _orchestrations).PublishAsync(
        new WebhookEvent(Owner, job, WebhookEventTypes.VideoCompleted, _time.GetUtcNow(), JsonSerializer.SerializeToElement(new { id = job }), new Uri("https://example.com/own")),
        Token);

    private async Task<WebhookDelivery?> AttemptAsync(WebhookTarget target)
    {
        using var sender = new WebhookSender(new WebhookOptions(), _time);
        var input = JsonSerializer.SerializeToElement(new WebhookAttemptInput(target, Last: false), PipelineJson.Options);
        await new WebhookAttemptActivity(_store, sender, _time).RunAsync(new ActivityInvocation(target.InstanceId, WebhookAttemptActivity.ActivityName, 1, input), Token);
        return await _store.FindDeliveryAsync(target.Owner, target.Target, target.DeliveryId, Token);
    }

    private async Task<string> DamageAsync(string nameEnd, string content)
    {
        var name = await _artifacts.ListAsync("webhooks/", null, Token).Select(info => info.Name).SingleAsync(found => found.EndsWith(nameEnd, StringComparison.Ordinal), Token);
        await _artifacts.WriteAsync(name, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(content), token).AsTask(), Token);
        return name;
    }

    private sealed class RecordingOrchestrations : IOrchestrationClient
    {
        public List<WebhookTarget> Started { get; } = [];

        public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken)
        {
            Started.Add((WebhookTarget)input!);
            return Task.FromResult(true);
        }

        public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
