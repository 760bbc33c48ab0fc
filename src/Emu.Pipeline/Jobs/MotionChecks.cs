using System.Globalization;
using Emu.Pipeline.Models;

namespace Emu.Pipeline.Jobs;

/// <summary>Checks what a draft says about motion, and the size of a picture that is to be moved, against the model.</summary>
internal static class MotionChecks
{
    /// <summary>No motion, or no camera.</summary>
    public const string None = "none";

    private const int SmallestSide = 16;
    private const int LargestProportion = 4;
    private const int LargestSide = 1024;

    /// <summary>The draft's motions, all of which the model has; null for none.</summary>
    /// <exception cref="InvalidJobException">One is unknown, or has no valid amount; the message names the nearest.</exception>
    public static string? Motion(JobDraft draft, ModelCapabilities model)
    {
        if (draft.Motion is not { } text || text == None)
        {
            return draft.Motion;
        }

        var motions = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (motions.Length == 0)
        {
            throw Invalid("motion", "The motion is empty; a name like 'bounce', or a name and an amount like 'bounce,0.6', is accepted.");
        }

        foreach (var motion in motions)
        {
            var parts = motion.Split(',', StringSplitOptions.TrimEntries);
            Require("motion", parts[0], model.Motions, model);
            if (parts.Length > 2 || (parts.Length == 2 && !(double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && amount is >= 0 and <= 1)))
            {
                throw Invalid("motion", $"'{motion}' is no motion: a name and an amount from 0 to 1 are, like '{parts[0]},0.6'.");
            }
        }

        return string.Join(';', motions);
    }

    /// <summary>The draft's camera, which the model has; null for none.</summary>
    /// <exception cref="InvalidJobException">It is unknown; the message names the nearest.</exception>
    public static string? Camera(JobDraft draft, ModelCapabilities model)
    {
        if (draft.Camera is { } camera && camera != None)
        {
            Require("camera", camera, model.Cameras, model);
        }

        return draft.Camera;
    }

    /// <summary>The size of the frames of a picture that is moved as it is: its own, made smaller where a side is above 1024 pixels.</summary>
    /// <returns>Null where the model does not move pictures as they are, or the picture's size is not known.</returns>
    /// <exception cref="InvalidJobException">The picture is too small or too thin.</exception>
    public static FrameSize? SizeOf(FrameSize? picture, ModelCapabilities model)
    {
        if (!model.MovesPictures || picture is not { } size)
        {
            return null;
        }

        var (longer, shorter) = (Math.Max(size.Width, size.Height), Math.Min(size.Width, size.Height));
        if (shorter < SmallestSide)
        {
            throw new InvalidJobException(InputPicture.Parameter, "picture_too_small", $"The picture is {size}; each side must have {SmallestSide} pixels at least.");
        }

        if (longer > LargestProportion * shorter)
        {
            throw new InvalidJobException(InputPicture.Parameter, "picture_too_thin", $"The picture is {size}; the longer side may be at most {LargestProportion} times the shorter, here {LargestProportion * shorter} pixels.");
        }

        // Even, as video formats need it.
        var scale = Math.Min(1, (double)LargestSide / longer);
        return new FrameSize(Even(size.Width * scale), Even(size.Height * scale));
    }

    private static int Even(double side) => Math.Max(2, 2 * (int)Math.Round(side / 2));

    private static void Require(string field, string name, IReadOnlyList<string> known, ModelCapabilities model)
    {
        if (known.Count == 0)
        {
            throw Invalid(field, $"The model '{model.Name}' takes no {field}.");
        }

        if (!known.Contains(name))
        {
            var nearest = known.MinBy(candidate => Distance(candidate, name.ToLowerInvariant()))!;
            throw Invalid(field, $"There is no {field} '{name}'; the nearest is '{nearest}'. There are: {string.Join(", ", known)}, and {None}.");
        }
    }

    /// <summary>The fewest letters to insert, remove or replace (Levenshtein 1966).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }

    private static InvalidJobException Invalid(string field, string message) => new(field, "invalid_value", message);
}
