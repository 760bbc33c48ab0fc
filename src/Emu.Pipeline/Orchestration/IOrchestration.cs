using System.Text.Json;

namespace Emu.Pipeline.Orchestration;

/// <summary>A registered orchestration: stateless; one object serves every instance.</summary>
public interface IOrchestration
{
    /// <summary>The name it is started by.</summary>
    string Name { get; }

    /// <summary>The version new instances get. An instance keeps the version it started with.</summary>
    string Version { get; }

    /// <summary>Runs (and, on replay, runs again) the orchestration.</summary>
    Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input);
}
