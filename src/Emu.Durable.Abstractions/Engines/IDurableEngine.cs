namespace Emu.Durable.Abstractions.Engines;

/// <summary>The engine that runs in this host, whichever it is.</summary>
public interface IDurableEngine
{
    /// <summary>Completes when the engine has stopped; faults if it stopped because of an error.</summary>
    Task Completion { get; }
}

/// <summary>The engine's store could not be reached or refused: nothing is known to have changed, and trying again may help.</summary>
public sealed class DurableEngineUnavailableException : IOException
{
    /// <summary>Creates the exception.</summary>
    public DurableEngineUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The stored data belongs to another program, or was written by another version of the engine.</summary>
public sealed class DurableDataVersionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DurableDataVersionException(string message)
        : base(message)
    {
    }
}
