using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Tests.Host;

/// <summary>Collects warnings and errors, so that a test that waits in vain can say why.</summary>
public sealed class Problems : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }

    public override string ToString() => _lines.IsEmpty ? "nothing was logged" : string.Join('\n', _lines.Take(20));
}
