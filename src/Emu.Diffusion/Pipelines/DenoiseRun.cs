using Emu.Diffusion.Guidance;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>
/// Denoising, one explicit step at a time. Stopped after any step, saved and restored, it ends bit-identical to an uninterrupted
/// run (same kind of device, same build of ONNX Runtime). Not safe for concurrent use.
/// </summary>
public sealed class DenoiseRun : IDenoisingRun
{
    private readonly DenoiseRequest _request;
    private readonly INoiseScheduler _noiseScheduler;
    private readonly DenoiserShape _shape;
    private readonly GuidanceRule _guidance;
    private readonly List<DenoiserBatch> _batches = [];
    private readonly Memory<float> _sample;
    private readonly bool _inPlace;
    private readonly float[] _guided;
    private readonly float[] _output;
    private readonly float[] _noise;
    private readonly NoiseSchedulerState _state;

    /// <summary>Starts a run: binds the denoiser and draws the starting noise.</summary>
    /// <param name="package">The package.</param>
    /// <param name="sessions">Where graphs are loaded.</param>
    /// <param name="request">What to make.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="UnsupportedByModelException">The package was not trained for the guidance, for a picture, or for its absence.</exception>
    /// <exception cref="ArgumentException">The picture's latents have the wrong shape, or an embedding is missing.</exception>
    /// <exception cref="ModelPackageException">The graph does not fit.</exception>
    public DenoiseRun(ModelPackage package, SessionCache sessions, DenoiseRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(request);
        var model = package.Description;
        _request = request;
        _noiseScheduler = request.NoiseScheduler;
        _shape = new DenoiserShape(request.Denoiser, model, request.LatentSize);
        DenoiseRequestValidator.Require(request, model, _shape);
        _guidance = new GuidanceRule(request.GuidanceScales, model.Text.Count > 0 && request.Text is not null, request.HasImage, _shape.Plan);
        try
        {
            DenoiserConditions values = new(request, model);
            var batches = request.OneAfterAnother ? _guidance.Conditions.Chunk(1) : [[.. _guidance.Conditions]];
            foreach (var conditions in batches)
            {
                _batches.Add(DenoiserBatch.Create(sessions, _shape, conditions, values, cancellationToken));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        var count = _shape.Latents.ElementCount;
        var scaled = Enumerable.Range(0, StepCount).Any(step => _noiseScheduler.GetModelInputScale(step) != 1);
        _inPlace = !scaled && _batches[0].InPlace is not null;
        _sample = _inPlace ? _batches[0].InPlace!.Value : new float[count];
        _guided = _guidance.IsPlain ? [] : new float[count];
        _output = new float[count];
        _noise = Enumerable.Range(0, StepCount).Any(_noiseScheduler.DrawsNoise) ? new float[count] : [];
        _state = _noiseScheduler.CreateState(count);
        PhiloxNoise.Fill(_sample.Span, request.Seed, request.Stage, request.Sample, draw: 0);
        System.Numerics.Tensors.TensorPrimitives.Multiply(_sample.Span, _noiseScheduler.InitialNoiseScale, _sample.Span);
    }

    /// <inheritdoc/>
    public int StepCount => _noiseScheduler.StepCount;

    /// <inheritdoc/>
    public int CurrentStep { get; private set; }

    /// <inheritdoc/>
    public bool IsDone => CurrentStep == StepCount;

    /// <summary>The shape of the latents, in the denoiser's own axis order, one sample.</summary>
    public TensorShape LatentShape => _shape.Latents;

    /// <summary>How long ONNX Runtime has worked so far.</summary>
    public TimeSpan InferenceTime => _batches.Aggregate(TimeSpan.Zero, (sum, batch) => sum + batch.Elapsed);

    /// <inheritdoc/>
    public void Step(CancellationToken cancellationToken = default)
    {
        if (IsDone)
        {
            throw new InvalidOperationException($"All {StepCount} steps are done.");
        }

        var step = CurrentStep;
        var prediction = Predict(step, cancellationToken);
        Span<float> noise = default;
        if (_noiseScheduler.DrawsNoise(step))
        {
            noise = _noise;
            PhiloxNoise.Fill(noise, _request.Seed, _request.Stage, _request.Sample, draw: step + 1);
        }

        _noiseScheduler.Step(step, prediction, _sample.Span, noise, _state);
        CurrentStep++;
    }

    /// <summary>A copy of the latents as they are now, in the denoiser's own axis order.</summary>
    public FloatTensor GetLatents() => new(LatentShape, _sample.ToArray());

    /// <summary>A copy of the latents as they are now, frame by frame: <c>[frames, latent channels, height, width]</c>.</summary>
    public FloatTensor GetFrames() => _shape.Description.IsVideo ? ClipFrames.FromClip(GetLatents(), _shape.Description.Axes) : GetLatents();

    /// <inheritdoc/>
    public Task SaveCheckpointAsync(Stream stream, CancellationToken cancellationToken = default)
        => CreateCheckpoint().WriteAsync(stream, cancellationToken);

    /// <inheritdoc/>
    public async Task RestoreAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        Restore(await DenoiseCheckpoint.OpenAsync(stream, cancellationToken));
    }

    internal SafetensorsWriter CreateCheckpoint() => DenoiseCheckpoint.Write(_request, CurrentStep, GetLatents(), _state);

    internal void Restore(SafetensorsFile file)
    {
        var checkpoint = DenoiseCheckpoint.Read(file, _request, LatentShape, _state);
        checkpoint.Sample.Data.CopyTo(_sample);
        checkpoint.CopyStateTo(_state);
        CurrentStep = checkpoint.Step;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.ForEach(batch => batch.Dispose());
        _batches.Clear();
    }

    private ReadOnlySpan<float> Predict(int step, CancellationToken cancellationToken)
    {
        var timestep = _noiseScheduler.GetTimestep(step);
        var scale = _noiseScheduler.GetModelInputScale(step);
        var term = 0;
        for (var index = 0; index < _batches.Count; index++)
        {
            var batch = _batches[index];
            batch.WriteTimestep(timestep);
            for (var entry = index == 0 && _inPlace ? 1 : 0; entry < batch.Conditions.Count; entry++)
            {
                batch.WriteSample(entry, _sample.Span, scale, _output);
            }

            batch.Run(cancellationToken);
            for (var entry = 0; entry < batch.Conditions.Count && !_guidance.IsPlain; entry++)
            {
                _guidance.Add(term++, batch.Output(entry, _output), _guided);
            }
        }

        var conditioned = _batches[0].Output(0, _output);
        if (_guidance.IsPlain)
        {
            return conditioned;
        }

        _guidance.Rescale(conditioned, _guided);
        return _guided;
    }
}
