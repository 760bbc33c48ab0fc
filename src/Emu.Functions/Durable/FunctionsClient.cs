using Microsoft.DurableTask.Client;

namespace Emu.Functions.Durable;

/// <summary>
/// The client of the host's durable extension. Functions get it as a binding, with an address of the host that no setting has; every
/// function that may need it passes it on here, and all get the same one while the host runs.
/// </summary>
public sealed class FunctionsClient
{
    private volatile DurableTaskClient? _current;

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">No function has passed one on: a function without the binding needs it.</exception>
    public DurableTaskClient Current => _current ?? throw new InvalidOperationException("No function has been given a durable client yet: a function that starts or asks orchestrations needs the binding [DurableClient].");

    /// <summary>Takes the client of an invocation.</summary>
    public void Use(DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _current = client;
    }
}
