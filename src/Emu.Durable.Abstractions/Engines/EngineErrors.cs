namespace Emu.Durable.Abstractions.Engines;

/// <summary>Makes calls whose errors become the port's.</summary>
public static class EngineErrors
{
    /// <summary>Makes a call, with its errors translated.</summary>
    /// <param name="call">The call.</param>
    /// <param name="translate">The port's exception, or null for an exception that is to go through as it is.</param>
    /// <param name="cancellationToken">Once cancelled, no error is translated.</param>
    /// <exception cref="DurableEngineUnavailableException">What was translated.</exception>
    public static async Task<T> TranslatedAsync<T>(Func<Task<T>> call, Func<Exception, DurableEngineUnavailableException?> translate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(translate);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await call();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc cref="TranslatedAsync{T}"/>
    public static Task TranslatedAsync(Func<Task> call, Func<Exception, DurableEngineUnavailableException?> translate, CancellationToken cancellationToken) => TranslatedAsync(
        async () =>
        {
            await call();
            return true;
        },
        translate,
        cancellationToken);
}
