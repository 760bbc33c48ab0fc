using Microsoft.Extensions.DependencyInjection;

namespace Emu.Durable.Abstractions;

/// <summary>An activity and its group.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Group">The group whose limit on concurrent activities it counts towards; see <see cref="ActivityGroups"/>.</param>
public sealed record ActivityRegistration(IActivity Activity, string Group);

/// <summary>An earlier version of an orchestration: instances that started with it go on with it, new ones do not get it.</summary>
/// <param name="Orchestration">The orchestration.</param>
public sealed record EarlierOrchestrationVersion(IOrchestration Orchestration);

/// <summary>The groups of activities. An engine limits how many activities of a group run at the same time in one process.</summary>
public static class ActivityGroups
{
    /// <summary>Light work, for example the delivery of webhooks.</summary>
    public const string Default = "default";

    /// <summary>Work that runs a model and uses the whole device.</summary>
    public const string Model = "model";

    /// <summary>Work that encodes images and video.</summary>
    public const string Media = "media";
}

/// <summary>Registers orchestrations and activities for the host's durable engine.</summary>
public static class DurableServices
{
    /// <summary>Registers an orchestration, in the version that new instances get.</summary>
    public static IServiceCollection AddOrchestration<TOrchestration>(this IServiceCollection services)
        where TOrchestration : class, IOrchestration => services.AddSingleton<IOrchestration, TOrchestration>();

    /// <summary>Registers an earlier version of an orchestration, for the instances that started with it.</summary>
    public static IServiceCollection AddEarlierOrchestrationVersion<TOrchestration>(this IServiceCollection services)
        where TOrchestration : class, IOrchestration =>
        services.AddSingleton(provider => new EarlierOrchestrationVersion(ActivatorUtilities.CreateInstance<TOrchestration>(provider)));

    /// <summary>Registers an activity.</summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Makes the activity; called once.</param>
    /// <param name="group">The group whose limit it counts towards.</param>
    public static IServiceCollection AddActivity(this IServiceCollection services, Func<IServiceProvider, IActivity> create, string group = ActivityGroups.Default)
    {
        ArgumentNullException.ThrowIfNull(create);
        return services.AddSingleton(provider => new ActivityRegistration(create(provider), group));
    }
}
