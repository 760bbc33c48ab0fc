using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>Adds the engine on Azure Storage to a host.</summary>
public static class AzureStorageEngineServices
{
    /// <summary>Registers the engine; see <see cref="HostedEngineServices.AddHostedEngine"/>.</summary>
    public static IServiceCollection AddAzureStorageEngine(this IServiceCollection services, AzureStorageEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddHostedEngine(provider => new AzureStorageEngine(options, provider.GetRequiredService<ILoggerFactory>()));
    }
}
