using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Functions.Durable;
using Emu.Functions.Http;
using Emu.Functions.Settings;
using Emu.Functions.Triggers;
using Emu.Generation;
using Emu.Generation.Models;
using Emu.Hosting;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Functions.Hosting;

/// <summary>Composes the app: store, secrets, pipeline, stages, engine, API and triggers.</summary>
public static class FunctionsHost
{
    /// <summary>Opens storage and adds everything.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How the app runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingException">A setting is not accepted, or the app would be open to everybody.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public static async Task AddEmuFunctionsAsync(this IServiceCollection services, FunctionsOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var home = await OpenHomeAsync(options, cancellationToken);
        await AddKeysAsync(services, options, home, cancellationToken);

        services.AddSingleton<FunctionsClient>();
        var jobs = new JobHostOptions { Hub = HubOf(services, options), Jobs = new JobServiceOptions { AllowPrivateWebhooks = options.IsDevelopment } };
        await services.AddJobsAsync(jobs, stages => AddStages(stages, options), cancellationToken);
        services.AddJobUpkeep();
        services.AddEmuWebhooks(new WebhookOptions { AllowPrivate = options.IsDevelopment }, _ => home);
        await AddUploadsAsync(services, options, cancellationToken);
        services.RemoveUpkeepService();

        var limits = new ApiLimits();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaximumBodyBytes;
        });
        services.AddEmuApi(limits, options.Access);
        services.AddSingleton<ApiFunctions>();
        StartWorkerLast(services);
    }

    // The worker's service asks the host for work as soon as it starts: everything that the work needs must have started before.
    private static void StartWorkerLast(IServiceCollection services)
    {
        var workers = services.Where(descriptor => descriptor.ServiceType == typeof(IHostedService) && descriptor.ImplementationType?.Assembly == typeof(WorkerOptions).Assembly).ToList();
        foreach (var worker in workers)
        {
            services.Remove(worker);
            services.Add(worker);
        }
    }

    private static async Task<EncryptedArtifactStore> OpenHomeAsync(FunctionsOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await PrivateStore.OpenAsync(options.Storage, FunctionsOptions.TaskHub, PrivateStore.ReadKey(options.SecretsKey), cancellationToken);
        }
        catch (FormatException exception)
        {
            throw new SettingException(SettingNames.SecretsKey, "is no key", exception);
        }
        catch (OtherKeyException exception)
        {
            throw new SettingException(SettingNames.SecretsKey, "is another key than the one that encrypted what is stored", exception);
        }
        catch (ArgumentException exception)
        {
            throw new SettingException(SettingNames.Storage, "is not accepted", exception);
        }
    }

    // A server on the internet starts only with a key; on a developer's machine it answers that machine.
    private static async Task AddKeysAsync(IServiceCollection services, FunctionsOptions options, EncryptedArtifactStore home, CancellationToken cancellationToken)
    {
        using (var keys = new StoredApiKeys(home, TimeProvider.System))
        {
            if (options.ApiKey is { } first)
            {
                await keys.StoreFirstAsync(first, "first", options.JobOwner, cancellationToken);
            }

            if (!options.IsDevelopment && (await keys.ReadAsync(cancellationToken)).Count == 0)
            {
                throw new SettingException(SettingNames.ApiKey, "is missing, and no API key was ever made: the server would answer everybody");
            }
        }

        services.AddApiSecrets(home, await StoredLinkKey.ReadOrCreateAsync(home, cancellationToken));
        if (!options.IsDevelopment)
        {
            services.AddSingleton<StoredApiKeys>(provider => new StoredApiKeys(home, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IApiKeys>(provider => new RequiredApiKeys(provider.GetRequiredService<StoredApiKeys>()));
        }
    }

    private static void AddStages(IServiceCollection services, FunctionsOptions options)
    {
        // The project's engine knows every activity of its hub, also those that others do.
        if (options.RunsModels || options.UsesAzureStorageEngine)
        {
            // The default comes first.
            var folders = ModelFolders.List().OrderBy(folder => Path.GetFileName(folder) != ModelFolders.DefaultName).ToList();
            services.AddEmuGeneration(new GenerationOptions
            {
                Models = folders.Count > 0
                    ? GenerationOptions.Name(folders)
                    : throw new SettingException(SettingNames.Models, "names no folder with model packages, and there is none beside the app"),
                MaskFolders = [.. ModelFolders.SearchFolders()],
            });
        }
        else
        {
            services.AddEmuEncoding();
        }
    }

    private static SharedHub HubOf(IServiceCollection services, FunctionsOptions options)
    {
        if (!options.UsesAzureStorageEngine)
        {
            return new FunctionsHub(new FunctionsEngineOptions(), options.Storage);
        }

        FunctionsHub.AddIdleEngine(services);
        var hub = new AzureStorageHub(new AzureStorageEngineOptions { Storage = options.Storage, TaskHub = FunctionsOptions.TaskHub });
        return hub.With(options.RunsModels ? null : new TakenActivities([StageNames.Understand, StageNames.Composite, StageNames.Encode, StageNames.Format], DefaultGroup: true));
    }

    private static async Task AddUploadsAsync(IServiceCollection services, FunctionsOptions options, CancellationToken cancellationToken)
    {
        var places = new[] { JobKind.Video, JobKind.Edit }
            .Select(kind => new UploadPlace(UploadPlaceNames.Of(kind), UploadPlaceNames.Outputs, new UploadOptions { Owner = options.JobOwner, Kind = kind }));
        var routes = await UploadRoutes.OpenAsync(places, options.Storage, cancellationToken);
        services.AddEmuUploads(routes);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<UploadTriggers>(provider, routes));
    }
}
