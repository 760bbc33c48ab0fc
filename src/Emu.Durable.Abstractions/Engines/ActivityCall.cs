using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>What an orchestration's history holds as an activity's input, on engines that know nothing of retries.</summary>
/// <param name="Attempt">The attempt under the retry policy, from 1.</param>
/// <param name="Input">The input.</param>
public sealed record ActivityCall(int Attempt, JsonElement Input)
{
    /// <summary>Writes a call whose input is JSON.</summary>
    public static string Write(int attempt, string input) => string.Create(CultureInfo.InvariantCulture, $$"""{"attempt":{{attempt}},"input":{{input}}}""");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ActivityCall Read(string json) => JsonSerializer.Deserialize<ActivityCall>(json, DurableJson.Options) ?? throw new JsonException("The call is null.");
}

/// <summary>Runs the registered activities, and logs their failures.</summary>
/// <param name="registry">The activities.</param>
/// <param name="logger">Gets failures: those that a caller brought about as information, others as warnings.</param>
public sealed class ActivityInvoker(ActivityRegistry registry, ILogger logger)
{
    /// <summary>Runs an activity; whatever goes wrong is a failure in the result.</summary>
    /// <param name="instanceId">The calling instance.</param>
    /// <param name="name">The activity's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<ActivityResult> RunAsync(string instanceId, string name, ActivityCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (registry.Find(name) is not { } registration)
        {
            return new ActivityResult(null, registry.NotFound(name));
        }

        var result = await ActivityResult.RunAsync(registration.Activity, new ActivityInvocation(instanceId, name, call.Attempt, call.Input), cancellationToken);
        if (result.Failure is { } failure)
        {
            logger.SharedActivityFailed(failure.IsOfCaller ? LogLevel.Information : LogLevel.Warning, result.Exception, name, instanceId, call.Attempt, failure.Code, failure.Message);
        }

        return result;
    }
}
