using Emu.Api.Authentication;
using Emu.Api.Edits;
using Emu.Api.Health;
using Emu.Api.Images;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Models;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Api.Videos;
using Emu.Api.Webhooks;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Edits;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emu.Api.Hosting;

/// <summary>Registers the services of the API.</summary>
public static class ApiServices
{
    /// <summary>
    /// Adds the route table and the services that its handlers use. They need, from the pipeline, a <see cref="JobService"/>, a <see cref="Emu.Pipeline.Formats.JobFormats"/>, its
    /// <see cref="IArtifactStore"/> and an <see cref="IImageValidator"/>, and further <see cref="IApiKeys"/> and a
    /// <see cref="LinkSigner"/> (<c>AddApiSecrets</c>). The webhooks' routes are there if a <see cref="WebhookStore"/>,
    /// a <see cref="WebhookDispatcher"/> and <see cref="WebhookOptions"/> are registered. The host may add route groups and health
    /// checks of its own.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="limits">How much may be asked for.</param>
    /// <param name="access">How clients reach the server; directly, if left out.</param>
    public static IServiceCollection AddEmuApi(this IServiceCollection services, ApiLimits limits, PublicAccess? access = null)
    {
        access ??= new PublicAccess();
        services.AddSingleton(access).AddSingleton<ServerAddress>();
        if (access.CorsOrigins.Count > 0)
        {
            services.AddSingleton<ICorsPolicyProvider, PageAccess>().AddCors();
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new EditSessions(provider.GetRequiredService<IArtifactStore>(), provider.GetRequiredService<JobService>()));
        services.TryAddSingleton(provider => new JobRecords(provider.GetRequiredService<IArtifactStore>()));
        services.AddSingleton(limits);
        services.AddSingleton<RequestRateLimiter>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<ApiDispatcher>();
        services.AddSingleton<JobResponses>();
        services.AddSingleton<JobActions>();
        services.AddSingleton<JobRoutes>();
        services.AddSingleton<InputReference>();
        services.AddSingleton<ImageResponses>();
        services.AddSingleton<EditBodies>();
        services.AddSingleton<IRouteGroup, VideoRoutes>();
        services.AddSingleton<IRouteGroup, ImageRoutes>();
        services.AddSingleton<IRouteGroup, ImageEditRoutes>();
        services.AddSingleton<IRouteGroup, EditSessionRoutes>();
        services.AddSingleton<IRouteGroup, ModelRoutes>();
        services.AddSingleton<IRouteGroup, HealthRoutes>();
        services.AddSingleton<IRouteGroup, OpenApiRoutes>();
        services.AddApiHealthChecks();
        services.AddSingleton(CreateRouteTable);
        return services;
    }

    /// <summary>Adds the API keys and the link-signing key of a data folder: <see cref="IApiKeys"/>, <see cref="ApiKeyFile"/> and <see cref="LinkSigner"/>.</summary>
    public static IServiceCollection AddApiSecrets(this IServiceCollection services, string dataFolder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ApiKeyFile(Path.Combine(dataFolder, ApiKeyFile.FileName), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IApiKeys>(provider => provider.GetRequiredService<ApiKeyFile>());
        services.AddSingleton(provider => new LinkSigner(LinkKeyFile.ReadOrCreate(dataFolder), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Adds the API keys and the link-signing key of a store that several servers share.</summary>
    /// <param name="services">The services.</param>
    /// <param name="store">The private store.</param>
    /// <param name="linkKey">The link-signing key (<see cref="StoredLinkKey"/>).</param>
    public static IServiceCollection AddApiSecrets(this IServiceCollection services, IArtifactStore store, byte[] linkKey)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IApiKeys>(provider => new StoredApiKeys(store, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LinkSigner(linkKey, provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static RouteTable CreateRouteTable(IServiceProvider provider)
    {
        var groups = provider.GetServices<IRouteGroup>();
        if (provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(WebhookStore)))
        {
            groups = groups.Append(ActivatorUtilities.CreateInstance<WebhookRoutes>(provider));
        }

        return new RouteTable(groups.SelectMany(group => group.Routes));
    }
}
