using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;
using Spectre.Console;

namespace Emu.Bench.Denoise;

/// <summary>What inference costs beside the graphs themselves: the share of the denoising loop spent inside ONNX Runtime, allocation, memory.</summary>
internal static class DenoiseBenchmark
{
    private const string Prompt = "a duck that jumps";
    private const int Size = 512;
    private const int Videos = 3;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model package's folder or name.", DefaultValueFactory = _ => ModelFolders.DefaultName };
        var steps = new Option<int?>("--steps") { Description = "Steps of keyframe and clip, at least 2; by default the package's." };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda[:n].", DefaultValueFactory = _ => "auto" };
        var command = new Command("denoise", "Keyframe, clip and decoding: speed, share inside ONNX Runtime, allocation, memory.") { model, steps, threads, device };
        command.SetAction(async (result, cancellationToken) =>
        {
            var package = ModelLocator.Find(result.GetValue(model));
            var options = new SessionCacheOptions { Device = DeviceChoice.Parse(result.GetValue(device)!), Threads = result.GetValue(threads) };
            var table = Measure(package, result.GetValue(steps), options, cancellationToken);
            foreach (var precision in Enum.GetValues<ComputePrecision>())
            {
                List<WholeVideo> videos = [];
                while (videos.Count < Videos)
                {
                    videos.Add(await WholeVideo.MeasureAsync(package, result.GetValue(device)!, precision, Prompt, cancellationToken));
                }

                Add(table, precision, videos);
            }

            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }

    private static Table Measure(string directory, int? steps, SessionCacheOptions options, CancellationToken cancellationToken)
    {
        var table = new Table().AddColumns("measurement", "value", "target");
        var start = Stopwatch.GetTimestamp();
        var package = ModelPackage.Load(directory, cancellationToken: cancellationToken);
        Add(table, "package loaded and verified", Milliseconds(start));
        using var sessions = new SessionCache(options);
        Add(table, "device, threads", $"{sessions.Device}, {options.Threads}");
        Add(table, "int8", sessions.ComputesInt8(package) ? "yes" : "no");
        var begin = start;
        var encoder = package.Text.Count > 0 ? new TextEncoder(package, sessions) : null;
        var text = encoder?.Encode(Prompt, cancellationToken);
        var nothing = encoder?.EncodeUnconditional(cancellationToken);
        FloatTensor? latents = null;
        FloatTensor? before = null;
        foreach (var (denoiser, stage, name) in new[] { (package.Image, NoiseStage.Keyframe, "keyframe"), (package.Video, NoiseStage.Clip, "clip") })
        {
            if (denoiser is null)
            {
                continue;
            }

            var description = denoiser.Description;
            var request = new DenoiseRequest
            {
                Denoiser = denoiser,
                NoiseScheduler = NoiseSchedulerFactory.Create(package.NoiseScheduler, Math.Max(2, steps ?? description.DefaultSteps)),
                Stage = stage,
                Seed = 7,
                Text = denoiser.Text is null ? null : text,
                UnconditionalPrompt = denoiser.Text is null ? null : nothing,
                TextGuidance = description.DefaultGuidance,
                ImageGuidance = description.DefaultImageGuidance,
                ImageLatents = description is { TakesImage: true, Motion: null } ? latents : null,
                FirstFrameFeatures = description.Motion is not null ? Features(package, sessions, latents!, cancellationToken) : null,
            };
            start = Stopwatch.GetTimestamp();
            using var run = new DenoiseRun(package, sessions, request, cancellationToken);
            Add(table, $"{name}: graph loaded and bound", Milliseconds(start));
            if (stage == NoiseStage.Keyframe)
            {
                Add(table, "from nothing to the first step", Milliseconds(begin), "≤ 3,000 ms");
            }

            (before, latents) = (latents, Loop(table, run, name, cancellationToken));
        }

        if (package.Motion is null)
        {
            Decode(table, package, sessions, latents!, cancellationToken);
        }
        else
        {
            Move(table, package, sessions, before!, latents!, cancellationToken);
        }

        using var process = Process.GetCurrentProcess();
        Add(table, "peak memory of this benchmark", $"{process.PeakWorkingSet64 / 1e9:F2} GB");
        return table;
    }

    private static void Add(Table table, ComputePrecision precision, List<WholeVideo> videos)
    {
        var command = $"generate, {precision.ToString().ToLowerInvariant()}";
        foreach (var stage in videos[0].Stages.Keys)
        {
            Add(table, $"{command}: {stage}", $"{videos.Average(video => video.Stages[stage]):F2} s");
        }

        var range = $"{videos.Min(video => video.Seconds):F2} to {videos.Max(video => video.Seconds):F2}";
        var target = precision == ComputePrecision.Auto ? "≤ 5 s on two idle cores" : string.Empty;
        Add(table, $"{command}: whole process, mean of {videos.Count}", $"{videos.Average(video => video.Seconds):F2} s ({range})", target);
        Add(table, $"{command}: peak memory, ffmpeg included", $"{videos.Max(video => video.PeakBytes) / 1e9:F2} GB", "< 1.5 GB");
    }

    private static FloatTensor Loop(Table table, DenoiseRun run, string name, CancellationToken cancellationToken)
    {
        // The first step makes room for all the others.
        run.Step(cancellationToken);
        var inside = run.InferenceTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        while (!run.IsDone)
        {
            run.Step(cancellationToken);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        var steps = Math.Max(1, run.StepCount - 1);
        Add(table, $"{name}: steps a second", (steps / elapsed.TotalSeconds).ToString("F1", CultureInfo.InvariantCulture));
        Add(table, $"{name}: {run.StepCount} steps", $"{elapsed.TotalSeconds * run.StepCount / steps:F2} s");
        Add(table, $"{name}: share inside ONNX Runtime", $"{(run.InferenceTime - inside) / elapsed * 100:F2} %", "≥ 97 %");
        Add(table, $"{name}: managed bytes a step", $"{bytes / steps}", "< 1,024");
        return run.GetFrames();
    }

    private static void Decode(Table table, ModelPackage package, SessionCache sessions, FloatTensor latents, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var pictures = 0;
        foreach (var chunk in new PictureDecoder(package, sessions).Decode(latents, cancellationToken: cancellationToken))
        {
            pictures += chunk.Shape[0];
        }

        Add(table, $"{pictures} pictures decoded, graph loaded", Milliseconds(start));
    }

    private static FloatTensor Features(ModelPackage package, SessionCache sessions, FloatTensor keyframe, CancellationToken cancellationToken) =>
        new MotionCodec(package, sessions).Features(new PictureDecoder(package, sessions).DecodeAll(keyframe, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Frames of motion: the keyframe decoded, flows, and every tick warped, two at once as in jobs.</summary>
    private static void Move(Table table, ModelPackage package, SessionCache sessions, FloatTensor keyframe, FloatTensor clip, CancellationToken cancellationToken)
    {
        var model = new LoadedModel(package, sessions);
        var ticks = package.Description.Ticks;
        var start = Stopwatch.GetTimestamp();
        var first = new PictureUpsampler(model).Upsample(model.Decoder.DecodeAll(keyframe, cancellationToken: cancellationToken), Size, cancellationToken);
        Add(table, "keyframe decoded", Milliseconds(start));
        start = Stopwatch.GetTimestamp();
        var flows = LoopFlows.ToTicks(new MotionCodec(package, sessions).DecodeFlows(clip, cancellationToken), ticks, package.Description.Video!.Motion!.LeastArea);
        Add(table, $"flows of {ticks} frames", Milliseconds(start));
        start = Stopwatch.GetTimestamp();
        MovedFrames frames = new(first, flows, RequestedMotion.Of(new JobRequest { Kind = JobKind.Video, Prompt = Prompt, Model = "", Size = new FrameSize(Size, Size), Seconds = 4, Seed = 7, Formats = ["mp4"] }, package.Description), Size, Size);
        Parallel.For(0, ticks, new ParallelOptions { CancellationToken = cancellationToken }, tick => frames.At(tick));
        Add(table, $"{ticks} frames of {Size}×{Size} warped", Milliseconds(start));
    }

    private static string Milliseconds(long start) => $"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms";

    private static void Add(Table table, string measurement, string value, string target = "") => table.AddRow(measurement, value, target);
}
