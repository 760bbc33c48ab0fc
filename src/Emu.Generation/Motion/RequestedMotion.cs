using System.Globalization;
using Emu.Diffusion.ModelPackages;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Motion;

/// <summary>What a job asks for besides the motion that its model makes: by its fields, else by words of its prompt.</summary>
/// <param name="Steps">The motions, in the order said.</param>
/// <param name="IsStill">Whether nothing is to move: every frame is the first one.</param>
/// <param name="Camera">The camera; null for one that stands still.</param>
/// <param name="IsCameraAskedFor">Whether anything was said about the camera.</param>
/// <param name="Layout">How two things lie of which steps may move one; null for one thing.</param>
public sealed record RequestedMotion(IReadOnlyList<MotionStep> Steps, bool IsStill, Camera? Camera, bool IsCameraAskedFor, ThingLayout? Layout = null)
{
    /// <summary>The name of no motion, and of no camera.</summary>
    public const string None = "none";

    /// <summary>What a request asks for; nothing where the model itself follows words of motion.</summary>
    /// <exception cref="UnsupportedByModelException">A field names a motion or a camera that there is not.</exception>
    public static RequestedMotion Of(JobRequest request, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        var said = model.Video?.MotionByWords == true ? MotionReader.Read(request.Prompt) : new MotionReading([], false, request.Prompt);
        var camera = request.Camera is { } name ? NamedCamera(name) : said.Camera;
        var given = request.Camera is not null || said.Camera is not null;
        return request.Motion switch
        {
            null => new(said.Steps, said.IsStill, camera, given, said.Layout),
            None => new([], true, camera, given),
            var motion => new(Parse(motion), false, camera, given),
        };
    }

    /// <summary>Reads motions as fields write them: <c>bounce</c>, <c>bounce,0.6</c>, several with a semicolon between them.</summary>
    /// <exception cref="UnsupportedByModelException">One is not known, or its amount is no number from 0 to 1.</exception>
    public static IReadOnlyList<MotionStep> Parse(string motion)
    {
        ArgumentNullException.ThrowIfNull(motion);
        return [.. motion.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Step)];
    }

    private static MotionStep Step(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var verb = MotionVerbs.All.FirstOrDefault(verb => verb.Name == parts[0])
            ?? throw new UnsupportedByModelException("motion", $"There is no motion '{parts[0]}'; there are: {string.Join(", ", MotionVerbs.All.Select(known => known.Name))}.");
        var amount = MotionReader.UsualAmount;
        return parts.Length == 1 || (parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out amount) && amount is >= 0 and <= 1)
            ? new(verb, amount, verb.Beats.Usual)
            : throw new UnsupportedByModelException("motion", $"'{text}' is no motion: a name, or a name and an amount from 0 to 1, like 'bounce,0.6', is.");
    }

    private static Camera? NamedCamera(string name) => name == None ? null : Motion.Camera.Find(name)
        ?? throw new UnsupportedByModelException("camera", $"There is no camera '{name}'; there are: {string.Join(", ", Motion.Camera.All.Select(known => known.Name))}.");
}
