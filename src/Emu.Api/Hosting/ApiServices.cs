using Emu.Api.Authentication;
using Emu.Api.Health;
using Emu.Api.Images;
using Emu.Api.Jobs;
using Emu.Api.Limits;
using Emu.Api.Links;
using Emu.Api.Models;
using Emu.Api.OpenApi;
using Emu.Api.Requests;
using Emu.Api.Routing;
using Emu.Api.Videos;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emu.Api.Hosting;

/// <summary>Registers what the API is made of.</summary>
public static class ApiServices
{
    /// <summary>
    /// Adds the route table and what its handlers use. The host adds <see cref="IApiKeys"/>, a <see cref="LinkSigner"/>, a
    /// <see cref="JobService"/>, its <see cref="IArtifactStore"/> and an <see cref="IImageValidator"/>, and may add route groups and readiness checks of its own.
    /// </summary>
    public static IServiceCollection AddEmuApi(this IServiceCollection services, ApiLimits limits)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(limits);
        services.AddSingleton<RequestRateLimiter>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<ApiDispatcher>();
        services.AddSingleton(provider => new JobRecords(provider.GetRequiredService<IArtifactStore>()));
        services.AddSingleton<JobAnswers>();
        services.AddSingleton<IRouteGroup, VideoRoutes>();
        services.AddSingleton<IRouteGroup, ImageRoutes>();
        services.AddSingleton<IRouteGroup, ModelRoutes>();
        services.AddSingleton<IRouteGroup, HealthRoutes>();
        services.AddSingleton<IRouteGroup, OpenApiRoutes>();
        services.AddSingleton(provider => new RouteTable(provider.GetServices<IRouteGroup>().SelectMany(group => group.Routes)));
        return services;
    }
}
