using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Denoising in explicit steps. Stopped after any step, saved and restored, it ends bit-identical to an uninterrupted run (same
/// kind of device, same build of ONNX Runtime). Not safe for concurrent use.
/// </summary>
public interface IDenoisingRun : IDisposable
{
    /// <summary>How many steps there are in all; see <see cref="NoiseSchedulers.INoiseScheduler.StepCount"/>.</summary>
    int StepCount { get; }

    /// <summary>How many steps are done.</summary>
    int CurrentStep { get; }

    /// <summary>Whether all steps are done.</summary>
    bool IsDone { get; }

    /// <summary>Does the next step.</summary>
    /// <param name="cancellationToken">Stops within an operator or two; the run is then as it was before the step, and can go on or be saved.</param>
    /// <exception cref="InvalidOperationException">All steps are done.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ModelPackageException">The graph failed.</exception>
    void Step(CancellationToken cancellationToken = default);

    /// <summary>A copy of the latents, frame by frame: <c>[frames, latent channels, height, width]</c>.</summary>
    FloatTensor GetFrames();

    /// <summary>Saves everything that the remaining steps depend on besides the request, as safetensors.</summary>
    /// <param name="stream">Where to; not disposed.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    Task SaveCheckpointAsync(Stream stream, CancellationToken cancellationToken = default);

    /// <summary>Goes on where a checkpoint was saved.</summary>
    /// <param name="stream">A checkpoint of a run of the same request.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="CheckpointException">The checkpoint is malformed or belongs to another request; the run is unchanged.</exception>
    Task RestoreAsync(Stream stream, CancellationToken cancellationToken = default);
}
