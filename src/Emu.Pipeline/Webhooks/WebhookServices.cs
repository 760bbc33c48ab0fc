using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Webhooks;

/// <summary>How webhooks are sent.</summary>
public sealed record WebhookOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(20);
    private readonly int _maximumEndpoints = 20;

    /// <summary>Whether http and addresses inside the private network are allowed. For development.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How long one attempt may take, from resolving the name to the response's status; 1 to 60 s, 20 s by default.</summary>
    public TimeSpan Timeout
    {
        get => _timeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(60));
            _timeout = value;
        }
    }

    /// <summary>The most endpoints an owner may have; 20 by default.</summary>
    public int MaximumEndpoints
    {
        get => _maximumEndpoints;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maximumEndpoints = value;
        }
    }
}

/// <summary>Adds webhooks to a host.</summary>
public static class WebhookServices
{
    /// <summary>
    /// Registers the webhooks' store, dispatcher, orchestration, activity, job end listener and daily retention. The host needs an
    /// <see cref="IOrchestrationClient"/>. Endpoints, secrets and deliveries are in the private folder, which is opened when they
    /// are first needed (at the latest when the host starts) and owned until the provider is disposed.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How webhooks are sent.</param>
    /// <param name="privateFolder">A folder that only its owner may read: created with mode 0700 where there are modes.</param>
    public static IServiceCollection AddEmuWebhooks(this IServiceCollection services, WebhookOptions options, string privateFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(privateFolder);
        return services
            .AddSingleton(provider => new WebhookFolder(privateFolder, provider.GetRequiredService<TimeProvider>()))
            .AddEmuWebhooks(options, provider => provider.GetRequiredService<WebhookFolder>().Store);
    }

    /// <summary>Registers the same over another store, which is not the host's artifact store and which only hosts may read.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How webhooks are sent.</param>
    /// <param name="privateStore">Finds the store of endpoints, secrets and deliveries.</param>
    public static IServiceCollection AddEmuWebhooks(this IServiceCollection services, WebhookOptions options, Func<IServiceProvider, IArtifactStore> privateStore)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(privateStore);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton(provider => new WebhookStore(
                privateStore(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WebhookStore>>()))
            .AddSingleton<WebhookSender>()
            .AddSingleton<WebhookDispatcher>()
            .AddSingleton<WebhookRetention>()
            .AddSingleton<IJobEndListener, WebhookJobEndListener>()
            .AddOrchestration<WebhookOrchestration>()
            .AddActivity(provider => ActivatorUtilities.CreateInstance<WebhookAttemptActivity>(provider))
            .AddUpkeepTask(provider => new UpkeepTask("webhook retention", provider.GetRequiredService<WebhookRetention>().RunAsync));
    }
}

/// <summary>Owns the private folder; a type of its own, so that it is not mistaken for the host's artifact store.</summary>
internal sealed class WebhookFolder : IDisposable
{
    public WebhookFolder(string path, TimeProvider time)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Store = FolderArtifactStore.OpenOwned(path, time: time);
    }

    public FolderArtifactStore Store { get; }

    public void Dispose() => Store.Dispose();
}
