using Azure.Core;
using Azure.Identity;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Emu.Durable.Scheduler.Connection;

/// <summary>
/// The gRPC channel to a Durable Task Scheduler, as the SDK's own package for it makes one: each call names hub and worker and has a
/// bearer token; calls that find the service unavailable are made again. The SDK asks for a new channel when this one fails for long.
/// </summary>
internal sealed class SchedulerConnection : IDisposable
{
    private const int MaximumMessageBytes = 32 << 20;

    private readonly SchedulerEngineOptions _options;
    private readonly string? _worker;
    private readonly AccessTokens? _tokens;
    private readonly Lock _gate = new();
    private GrpcChannel? _former;
    private bool _isDisposed;

    /// <param name="options">The scheduler and the hub.</param>
    /// <param name="worker">A worker's id, one for each stream of work; null for a client.</param>
    public SchedulerConnection(SchedulerEngineOptions options, string? worker)
    {
        _options = options;
        _worker = worker;
        _tokens = options.Endpoint.Scheme == Uri.UriSchemeHttps ? new AccessTokens(options.Credential ?? new DefaultAzureCredential()) : null;
        Channel = Create();
    }

    /// <summary>The channel.</summary>
    public GrpcChannel Channel { get; private set; }

    /// <summary>A worker's id that no other one has.</summary>
    public static string NewWorkerId() => $"{Environment.MachineName},{Environment.ProcessId},{Guid.NewGuid():N}";

    /// <summary>Replaces a channel that fails. The one before it is closed at the next replacement, when its last calls have ended.</summary>
    public Task<GrpcChannel> ReplaceAsync(GrpcChannel failing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (ReferenceEquals(failing, Channel))
            {
                _former?.Dispose();
                _former = Channel;
                Channel = Create();
            }

            return Task.FromResult(Channel);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _former?.Dispose();
            Channel.Dispose();
        }
    }

    private GrpcChannel Create() => GrpcChannel.ForAddress(_options.Endpoint, new GrpcChannelOptions
    {
        Credentials = ChannelCredentials.Create(_tokens is null ? ChannelCredentials.Insecure : ChannelCredentials.SecureSsl, CallCredentials.FromInterceptor(AddMetadataAsync)),

        // Without a token there is nothing to protect.
        UnsafeUseInsecureChannelCallCredentials = _tokens is null,
        MaxReceiveMessageSize = MaximumMessageBytes,
        ServiceConfig = new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 10,
                        InitialBackoff = TimeSpan.FromMilliseconds(50),
                        MaxBackoff = TimeSpan.FromMilliseconds(250),
                        BackoffMultiplier = 2,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },
            },
        },
        MaxRetryAttempts = 10,
    });

    private async Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata)
    {
        metadata.Add("taskhub", _options.TaskHub);
        metadata.Add("x-user-agent", $"durabletask-dotnet/emu ({(_worker is null ? "DurableTaskClient" : "DurableTaskWorker")})");
        if (_worker is not null)
        {
            metadata.Add("workerid", _worker);
        }

        if (_tokens is not null)
        {
            metadata.Add("Authorization", $"Bearer {await _tokens.GetAsync(context.CancellationToken)}");
        }
    }
}

/// <summary>The access token for schedulers, renewed five minutes before it ends.</summary>
internal sealed class AccessTokens(TokenCredential credential)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TokenRequestContext Request = new(["https://durabletask.io/.default"]);

    private AccessToken? _token;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var soon = DateTimeOffset.UtcNow + Margin;
        if (_token is not { } token || token.ExpiresOn < soon || token.RefreshOn < soon)
        {
            _token = token = await credential.GetTokenAsync(Request, cancellationToken);
        }

        return token.Token;
    }
}
