using System.Globalization;
using System.IO.Compression;
using Emu.Editing.Instruct;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Generation.Denoising;
using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>
/// Follows the free instructions of a plan with a model, as far as the stage's time budget allows. A slice leaves one checkpoint: a
/// zip file with the checkpoint of each instruction's denoising that has begun, in order. Of those that are done the next slice
/// only decodes the latents.
/// </summary>
internal sealed class SlicedInstructions
{
    // Zip files have times, and begin in 1980; the same checkpoint has the same bytes.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly InstructEditor _editor;
    private readonly StageRun _run;
    private readonly IReadOnlyList<byte[]> _found;
    private readonly List<byte[]> _left = [];
    private int _steps;

    private SlicedInstructions(LoadedModel model, StageRun run, IReadOnlyList<byte[]> found)
    {
        _editor = new InstructEditor(model.Package, model.Sessions);
        _run = run;
        _found = found;
        var settings = DenoiseSettings.ForEdit(model.Package, run.Request);
        StepCount = settings.NoiseScheduler.StepCount;
    }

    /// <summary>Denoising steps of each instruction.</summary>
    public int StepCount { get; }

    /// <summary>Goes on from the slice before, if there was one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">The stage's attempt.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="Emu.Diffusion.ModelPackages.UnsupportedByModelException">The model follows no instructions, or was not trained for the guidance.</exception>
    public static async Task<SlicedInstructions> OpenAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var found = new List<byte[]>();
        if (run.Checkpoint is { } checkpoint)
        {
            await using var stream = await run.Store.OpenReadAsync(checkpoint, cancellationToken);
            await using var archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, null, cancellationToken);
            foreach (var entry in archive.Entries)
            {
                var content = new byte[entry.Length];
                await using var entryStream = await entry.OpenAsync(cancellationToken);
                await entryStream.ReadExactlyAsync(content, cancellationToken);
                found.Add(content);
            }
        }

        return new(model, run, found);
    }

    /// <summary>Follows the next instruction.</summary>
    /// <param name="context">What it is about.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="before">Units of the stage that are done before it.</param>
    /// <param name="total">Units of the stage in all.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    /// <returns>The edit; null if the time budget is spent.</returns>
    public async Task<EditResult?> FollowAsync(EditContext context, FreeInstruction instruction, int before, int total, CancellationToken cancellationToken)
    {
        var options = new InstructOptions
        {
            Steps = _run.Request.Steps,
            NoiseScheduler = _run.Request.NoiseScheduler,
            TextGuidance = (float?)_run.Request.Guidance,
            ImageGuidance = (float?)_run.Request.ImageGuidance,
            Seed = context.Seed,
        };
        var hash = string.Create(CultureInfo.InvariantCulture, $"{_run.InputHash} {_left.Count}");
        using var edit = _editor.Begin(context.Picture, instruction.Instruction, options, hash, cancellationToken);
        await PromptWarnings.AddAsync(_run, edit.Text, cancellationToken);
        if (_left.Count < _found.Count)
        {
            using var checkpoint = new MemoryStream(_found[_left.Count], writable: false);
            await edit.Run.RestoreAsync(checkpoint, cancellationToken);
        }

        var isDone = await SlicedDenoising.AdvanceAsync(edit.Run, _run, before, total, cancellationToken);
        using var left = new MemoryStream();
        await edit.Run.SaveCheckpointAsync(left, cancellationToken);
        _left.Add(left.ToArray());
        _steps += edit.Run.CurrentStep;
        return isDone ? edit.Finish(context.Region, cancellationToken) : null;
    }

    /// <summary>Leaves the checkpoint for the next slice.</summary>
    public async Task<StageOutcome> PauseAsync(CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await using (var archive = await ZipArchive.CreateAsync(content, ZipArchiveMode.Create, leaveOpen: true, null, cancellationToken))
        {
            foreach (var (index, checkpoint) in _left.Index())
            {
                var entry = archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{index:00}.safetensors"), CompressionLevel.NoCompression);
                entry.LastWriteTime = Epoch;
                await using var entryStream = await entry.OpenAsync(cancellationToken);
                await entryStream.WriteAsync(checkpoint, cancellationToken);
            }
        }

        var file = string.Create(CultureInfo.InvariantCulture, $"step-{_steps}.zip");
        return StageOutcome.Continue(_steps, await _run.WriteAsync(file, (stream, token) => stream.WriteAsync(content.GetBuffer().AsMemory(0, (int)content.Length), token).AsTask(), cancellationToken));
    }
}
