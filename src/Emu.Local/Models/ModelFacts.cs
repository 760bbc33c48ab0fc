using System.Globalization;
using Emu.Diffusion.ModelPackages;

namespace Emu.Local.Models;

/// <summary>What a package is and can do, in words.</summary>
internal static class ModelFacts
{
    /// <summary>What it makes from what.</summary>
    public static IReadOnlyList<string> Makes(ModelDescription model) =>
    [
        .. new[]
        {
            model.Image is null ? null : "text to picture",
            model.Video is null ? null : "picture to video",
            model.Edit is null ? null : "picture editing",
        }.OfType<string>(),
    ];

    /// <summary>Names and values, for people.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(ModelPackage package)
    {
        var model = package.Description;
        yield return ("name", model.Name);
        yield return ("version", OrUnknown(model.Version));
        yield return ("license", OrUnknown(model.License));
        yield return ("makes", string.Join(", ", Makes(model)));
        yield return ("sizes", string.Join(", ", model.Sizes.Order().Select(size => size == model.NativeSize ? $"{size} (native)" : $"{size}")));
        if (model.Video is not null)
        {
            var loop = model.Loops ? "a loop" : "not a loop";
            yield return ("video", string.Create(CultureInfo.InvariantCulture, $"{model.Ticks} frames at {model.FramesPerSecond}/s ({model.Ticks / (double)model.FramesPerSecond:0.000} s), {loop}, from clips of {model.Frames}"));
        }

        yield return ("transparency", model.Alpha == PictureAlpha.None ? "no" : "yes");
        foreach (var (stage, denoiser) in new[] { ("keyframe", model.Image), ("clip", model.Video), ("edit", model.Edit) })
        {
            if (denoiser is not null)
            {
                yield return (stage, string.Create(CultureInfo.InvariantCulture, $"{denoiser.DefaultSteps} steps, text guidance {Guidance(denoiser.Guidance.Text, denoiser.DefaultGuidance)}{(denoiser.TakesImage ? $", image guidance {Guidance(denoiser.Guidance.Image, denoiser.DefaultImageGuidance)}" : string.Empty)}"));
            }
        }

        yield return ("noise scheduler", OrUnknown(package.NoiseScheduler.ClassName));
        yield return ("fingerprint", package.Fingerprint);
        foreach (var graph in package.Graphs.Values.OrderBy(graph => graph.Name, StringComparer.Ordinal))
        {
            yield return ("graph", string.Create(CultureInfo.InvariantCulture, $"{graph.Name} ({graph.FileBytes / 1048576.0:0.0} MiB{(graph.Int8Variant is null ? string.Empty : ", also in int8")}): {string.Join(", ", graph.Inputs)} → {string.Join(", ", graph.Outputs)}"));
        }
    }

    private static string Guidance(bool trained, float value) => trained ? value.ToString("0.##", CultureInfo.InvariantCulture) : "not trained for";

    private static string OrUnknown(string? text) => string.IsNullOrEmpty(text) ? "unknown" : text;
}
