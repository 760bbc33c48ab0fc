using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.CrashHost;

/// <summary>
/// Leaves a result as a pipeline's stage does: under a name of the attempt's own, then linked to the stage's name unless an
/// earlier attempt was there; and answers with the attempt that counts. One first attempt in eight fails.
/// </summary>
internal sealed class Record(string folder) : IActivity
{
    /// <summary>The name.</summary>
    public string Name => "record";

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Attempt == 1 && Random.Shared.Next(8) == 0)
        {
            throw new ActivityFailedException(new ActivityFailure("device_lost", "Try again.", Retryable: true));
        }

        Directory.CreateDirectory(folder);
        var attempt = Guid.NewGuid().ToString("N");
        var own = Path.Combine(folder, attempt);
        var result = Path.Combine(folder, $"{invocation.InstanceId}.result");
        await File.WriteAllTextAsync(own, attempt, cancellationToken);
        try
        {
            File.Move(own, result, overwrite: false);
        }
        catch (IOException) when (File.Exists(result))
        {
            File.Delete(own);
        }

        return JsonSerializer.SerializeToElement(await File.ReadAllTextAsync(result, cancellationToken), DurableJson.Options);
    }
}
