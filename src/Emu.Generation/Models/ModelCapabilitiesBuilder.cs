using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Generation.Edits;
using Emu.Generation.Motion;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Generation.Models;

/// <summary>Describes what a model package can do, so that requests can be checked without it.</summary>
public static class ModelCapabilitiesBuilder
{
    private const int DefaultSize = 512;
    private const double MaximumGuidance = 30;

    /// <summary>Describes a package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="name">The name that requests use.</param>
    /// <param name="isDefault">Whether it is used when a request names no model.</param>
    public static ModelCapabilities Build(ModelPackage package, string name, bool isDefault)
    {
        ArgumentNullException.ThrowIfNull(package);
        var model = package.Description;
        var first = model.Image ?? model.Video ?? model.Edit;
        var pictured = model.Video ?? model.Edit;
        var makesVideo = model.Video is not null;
        return new()
        {
            Name = name,
            IsDefault = isDefault,
            Description = $"{model.Name} {model.Version}".TrimEnd(),
            // Edits need a model for stickers, or for what the grammar does not read.
            Kinds = [.. new[] { makesVideo ? JobKind.Video : (JobKind?)null, model.Image is null ? null : JobKind.Image, JobKind.Edit }.OfType<JobKind>()],
            AcceptsPicture = makesVideo && (package.Motion is not null || (package.Encoder is not null && model.Video!.TakesImage)),
            MovesPictures = package.Motion is not null,
            Motions = model.Video?.MotionByWords == true ? [.. MotionVerbs.All.Select(verb => verb.Name)] : [],
            Cameras = model.Video?.MotionByWords == true ? [.. Camera.All.Select(camera => camera.Name)] : [],
            Sizes = [.. SizesOf(model).Select(size => new FrameSize(size, size))],
            Seconds = makesVideo ? [(double)model.Ticks / model.FramesPerSecond] : [],
            FrameRate = makesVideo ? model.FramesPerSecond : 0,
            Loops = model.Loops,
            Transparency = model.Alpha != PictureAlpha.None,
            Steps = new NumberRange(1, package.NoiseScheduler.TrainTimesteps, first?.DefaultSteps ?? 1),
            Guidance = Range(first is { Guidance.Text: true }, first?.DefaultGuidance),
            ImageGuidance = Range(pictured is { Guidance.Image: true }, pictured?.DefaultImageGuidance),
            NoiseSchedulers = NoiseSchedulersOf(package, first?.DefaultSteps ?? 1),
            VideoFormats = makesVideo ? Media.Video.VideoFormats.All.Names : [],
            ImageFormats = PictureFormats.Writable.Names,
            EditTasks = model.Edit is null ? EditPlans.GrammarTaskNames : EditPlans.TaskNames,
            FollowsInstructions = model.Edit is not null,
        };
    }

    /// <summary>The sizes, the default one (the largest up to 512) first.</summary>
    private static IEnumerable<int> SizesOf(ModelDescription model)
    {
        var preferred = model.Sizes.Where(size => size <= DefaultSize).DefaultIfEmpty(model.Sizes.Min()).Max();
        return model.Sizes.OrderByDescending(size => size == preferred).ThenBy(size => size);
    }

    private static NumberRange? Range(bool isTrained, float? otherwise) => isTrained ? new NumberRange(0, MaximumGuidance, otherwise ?? 1) : null;

    /// <summary>The package's own noise scheduler, then every other that its configuration allows.</summary>
    private static List<string> NoiseSchedulersOf(ModelPackage package, int steps)
    {
        var own = NoiseSchedulerFactory.Create(package.NoiseScheduler, steps).GetType();
        var names = new List<string>();
        foreach (var name in NoiseSchedulerFactory.Names)
        {
            try
            {
                var isOwn = NoiseSchedulerFactory.Create(package.NoiseScheduler, steps, name).GetType() == own;
                names.Insert(isOwn ? 0 : names.Count, name);
            }
            catch (NoiseSchedulerConfigurationException)
            {
                // This noise scheduler cannot follow what the network predicts: it is not offered.
            }
        }

        return names;
    }
}
