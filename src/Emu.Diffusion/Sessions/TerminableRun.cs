using Emu.Diffusion.ModelPackages;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Sessions;

/// <summary>Run options that a cancellation token terminates while ONNX Runtime works, usable again afterwards.</summary>
internal sealed class TerminableRun : IDisposable
{
    private readonly RunOptions _options = new();

    /// <summary>Runs; translates ONNX Runtime's failures.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before or during the run.</exception>
    /// <exception cref="ModelPackageException">The graph failed.</exception>
    public T Invoke<T>(GraphSession session, Func<RunOptions, T> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Disposing the registration waits for a callback under way, so that a late one cannot terminate the next run.
        var registration = cancellationToken.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, _options);
        try
        {
            return run(_options);
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelPackageException(session.Graph.Path, $"the graph failed on {session.Device}: {exception.Message}", exception);
        }
        finally
        {
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                _options.Terminate = false;
            }
        }
    }

    public void Dispose() => _options.Dispose();
}
