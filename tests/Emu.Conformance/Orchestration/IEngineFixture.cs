using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>What a durable engine brings to be tested: one fixture a test.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    /// <summary>The running engine's client.</summary>
    IOrchestrationClient Client { get; }

    /// <summary>Starts an engine with these orchestrations and activities.</summary>
    Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities);

    /// <summary>Ends the engine's process, or what comes nearest, and starts it again on the same data.</summary>
    Task RestartAsync();
}
