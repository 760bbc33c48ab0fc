using Microsoft.Extensions.DependencyInjection;

namespace Emu.Durable.Abstractions;

/// <summary>An activity, and the group whose limit on activities at once it counts in.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Group">The group; see <see cref="ActivityGroups"/>.</param>
public sealed record ActivityRegistration(IActivity Activity, string Group);

/// <summary>The groups of activities. An engine limits how many activities of a group one process runs at once.</summary>
public static class ActivityGroups
{
    /// <summary>Light work: records, webhooks, results of uploads.</summary>
    public const string Default = "default";

    /// <summary>Work that runs a model: one at a time on a device.</summary>
    public const string Model = "model";

    /// <summary>Work that encodes pictures and video.</summary>
    public const string Media = "media";
}

/// <summary>Registers orchestrations and activities for whichever durable engine the host has.</summary>
public static class DurableServices
{
    /// <summary>Registers an orchestration.</summary>
    public static IServiceCollection AddOrchestration<TOrchestration>(this IServiceCollection services)
        where TOrchestration : class, IOrchestration => services.AddSingleton<IOrchestration, TOrchestration>();

    /// <summary>Registers an activity.</summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Makes the activity; called once.</param>
    /// <param name="group">The group it counts in.</param>
    public static IServiceCollection AddActivity(this IServiceCollection services, Func<IServiceProvider, IActivity> create, string group = ActivityGroups.Default)
    {
        ArgumentNullException.ThrowIfNull(create);
        return services.AddSingleton(provider => new ActivityRegistration(create(provider), group));
    }
}
