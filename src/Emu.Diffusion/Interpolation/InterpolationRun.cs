using System.Globalization;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Interpolation;

/// <summary>The key frames that one run of an interpolation network is conditioned on.</summary>
/// <param name="Segment">Which frames of the clip, and where they stand in the run.</param>
/// <param name="Clip">The clip's latents <c>[frames, latent channels, height, width]</c>, noised as the network was trained.</param>
public sealed record InterpolationKeyFrames(InterpolationSegment Segment, FloatTensor Clip);

/// <summary>
/// Makes the frames between a clip's frames with the package's interpolation network: denoises one segment of key frames after
/// another (<see cref="InterpolationPlan"/>) and joins them. Frames of the clip stay bit for bit.
/// </summary>
/// <remarks>
/// Key frames are noise-augmented once for all segments, to the noise level of
/// <see cref="InterpolationDescription.AugmentationTimestep"/> (Emu Video, arXiv 2311.10709, section 3.3). Segment i draws its noise
/// as sample i.
/// </remarks>
public sealed class InterpolationRun : IDenoisingRun
{
    private const string FinishedPrefix = "finished.";
    private const string FinishedCount = "finished_segments";

    private readonly ModelPackage _package;
    private readonly SessionCache _sessions;
    private readonly DenoiseRequest _request;
    private readonly FloatTensor _clip;
    private readonly FloatTensor _noisedClip;
    private readonly InterpolationPlan _plan;
    private List<FloatTensor> _finished = [];
    private DenoiseRun? _current;

    /// <summary>Starts a run: plans the segments and binds the network for the first one.</summary>
    /// <param name="package">The package; it has an interpolation network.</param>
    /// <param name="sessions">Loads graphs and keeps them; not owned.</param>
    /// <param name="request">What to make, without a picture, sample number and key frames, which follow from the clip.</param>
    /// <param name="clip">The clip's latents <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="UnsupportedByModelException">The package has no interpolation network, or was not trained for the guidance.</exception>
    /// <exception cref="ModelPackageException">The graph does not fit.</exception>
    public InterpolationRun(ModelPackage package, SessionCache sessions, DenoiseRequest request, FloatTensor clip, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(clip);
        var network = package.Description.Interpolation
            ?? throw new UnsupportedByModelException("interpolation", $"The model '{package.Description.Name}' has no interpolation network.");
        _package = package;
        _sessions = sessions;
        _request = request;
        _clip = clip;
        _plan = InterpolationPlan.Create(clip.Shape[0], package.Description.Loops, network.KeyFrames, network.Factor);
        _noisedClip = Augment(clip, request, network.AugmentationTimestep);
        _current = Start(0, cancellationToken);
    }

    /// <inheritdoc/>
    public int StepCount => _plan.Segments.Count * StepsPerSegment;

    /// <inheritdoc/>
    public int CurrentStep => (_finished.Count * StepsPerSegment) + (_current?.CurrentStep ?? 0);

    /// <inheritdoc/>
    public bool IsDone => _finished.Count == _plan.Segments.Count;

    private int StepsPerSegment => _request.NoiseScheduler.StepCount;

    /// <inheritdoc/>
    public void Step(CancellationToken cancellationToken = default)
    {
        if (IsDone)
        {
            throw new InvalidOperationException($"All {StepCount} steps are done.");
        }

        _current ??= Start(_finished.Count, cancellationToken);
        _current.Step(cancellationToken);
        if (_current.IsDone)
        {
            _finished.Add(_current.GetFrames());
            EndCurrent();
        }
    }

    /// <summary>The video's latents <c>[ticks, latent channels, height, width]</c>.</summary>
    /// <exception cref="InvalidOperationException">Not all steps are done.</exception>
    public FloatTensor GetFrames()
    {
        if (!IsDone)
        {
            throw new InvalidOperationException($"{CurrentStep} of {StepCount} steps are done; the frames are joined when all are.");
        }

        FloatTensor video = new(_clip.Shape.WithBatch(_plan.TickCount));
        _plan.Join([.. _finished.Select(segment => (ReadOnlyMemory<float>)segment.Data)], _clip.Span, video.Span);
        return video;
    }

    /// <inheritdoc/>
    public Task SaveCheckpointAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        SafetensorsWriter writer;
        if (_current is null)
        {
            writer = new SafetensorsWriter();
            DenoiseCheckpoint.WriteIdentity(writer, RequestFor(_finished.Count));
        }
        else
        {
            writer = _current.CreateCheckpoint();
        }

        writer.Metadata[FinishedCount] = _finished.Count.ToString(CultureInfo.InvariantCulture);
        for (var index = 0; index < _finished.Count; index++)
        {
            writer.Add(FinishedPrefix + index, _finished[index]);
        }

        return writer.WriteAsync(stream, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RestoreAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var file = await DenoiseCheckpoint.OpenAsync(stream, cancellationToken);
        var finished = ReadFinished(file);
        DenoiseCheckpoint.RequireIdentity(file, RequestFor(finished.Count));
        DenoiseRun? restored = null;
        if (file.Entries.ContainsKey(DenoiseCheckpoint.SampleName))
        {
            restored = Start(finished.Count, cancellationToken);
            try
            {
                restored.Restore(file);
            }
            catch
            {
                restored.Dispose();
                throw;
            }
        }

        EndCurrent();
        _current = restored;
        _finished = finished;
    }

    /// <inheritdoc/>
    public void Dispose() => EndCurrent();

    private static FloatTensor Augment(FloatTensor clip, DenoiseRequest request, int timestep)
    {
        var noise = new float[clip.Span.Length];
        PhiloxNoise.Fill(noise, request.Seed, NoiseStage.Augmentation, sample: 0, draw: 0);
        FloatTensor noised = new(clip.Shape);
        request.NoiseScheduler.AddNoise(clip.Span, noise, timestep, noised.Span);
        return noised;
    }

    private List<FloatTensor> ReadFinished(SafetensorsFile file)
    {
        if (!int.TryParse(file.Metadata.GetValueOrDefault(FinishedCount), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > _plan.Segments.Count)
        {
            throw new CheckpointException($"The checkpoint's {FinishedCount} is '{file.Metadata.GetValueOrDefault(FinishedCount, "nothing")}'; 0 to {_plan.Segments.Count} was expected.");
        }

        List<FloatTensor> finished = [];
        try
        {
            for (var index = 0; index < count; index++)
            {
                var segment = file.GetFloats(FinishedPrefix + index);
                var expected = _clip.Shape.WithBatch(_plan.Segments[index].FrameCount);
                finished.Add(segment.Shape.Equals(expected)
                    ? segment
                    : throw new CheckpointException($"The checkpoint's {FinishedPrefix}{index} has shape {segment.Shape}; {expected} was expected."));
            }
        }
        catch (SafetensorsException exception)
        {
            throw DenoiseCheckpoint.Unreadable(exception);
        }

        return finished;
    }

    private DenoiseRun Start(int segment, CancellationToken cancellationToken) => new(_package, _sessions, RequestFor(segment), cancellationToken);

    // A finished run's checkpoint is identified by its last segment's request.
    private DenoiseRequest RequestFor(int segment)
    {
        var index = Math.Min(segment, _plan.Segments.Count - 1);
        return _request with { Sample = index, KeyFrames = new(_plan.Segments[index], _noisedClip) };
    }

    private void EndCurrent()
    {
        _current?.Dispose();
        _current = null;
    }
}
