namespace Emu.Media.Limits;

/// <summary>Finds the first of several ways to write a file, ordered from the best to the smallest, whose file is small enough, in few attempts.</summary>
internal static class SizeSearch
{
    /// <summary>How many attempts there are; one more only where none has been small enough and the smallest way is untried.</summary>
    public const int MaximumAttempts = 5;

    /// <summary>A file that fills this much of what is allowed is not tried to be improved.</summary>
    private const double WellUsed = 0.85;

    /// <summary>A way is tried where it is expected to stay below this much of what is allowed.</summary>
    private const double Aim = 0.97;

    /// <summary>Searches.</summary>
    /// <param name="estimates">What each way's file is expected to have in bytes, falling. Only their proportions matter after the first attempt.</param>
    /// <param name="maximumBytes">The most bytes.</param>
    /// <param name="writeAsync">Tries a way, and says how many bytes its file has.</param>
    /// <returns>The way to take, or null if none is small enough; the attempts made, and the fewest bytes any had.</returns>
    public static async Task<(int? Found, int Attempts, long SmallestBytes)> FindAsync(IReadOnlyList<double> estimates, long maximumBytes, Func<int, Task<long>> writeAsync)
    {
        var (tooLarge, fits) = (-1, estimates.Count);
        var (attempts, smallest) = (0, long.MaxValue);
        var scale = 1.0;
        while (fits - tooLarge > 1 && attempts < MaximumAttempts)
        {
            var way = Next(estimates, scale, maximumBytes, tooLarge, fits);
            if (way == fits)
            {
                break; // everything better is expected to be too large
            }
            var bytes = await writeAsync(way);
            attempts++;
            smallest = Math.Min(smallest, bytes);
            scale = bytes / estimates[way];
            if (bytes > maximumBytes)
            {
                tooLarge = way;
                continue;
            }
            fits = way;
            if (bytes >= WellUsed * maximumBytes)
            {
                break;
            }
        }
        if (fits == estimates.Count && tooLarge < estimates.Count - 1)
        {
            var bytes = await writeAsync(estimates.Count - 1);
            attempts++;
            smallest = Math.Min(smallest, bytes);
            fits = bytes <= maximumBytes ? estimates.Count - 1 : fits;
        }
        return (fits < estimates.Count ? fits : null, attempts, smallest);
    }

    private static int Next(IReadOnlyList<double> estimates, double scale, long maximumBytes, int tooLarge, int fits)
    {
        for (var way = tooLarge + 1; way < fits; way++)
        {
            if (estimates[way] * scale <= Aim * maximumBytes)
            {
                return way;
            }
        }
        return fits < estimates.Count ? fits : estimates.Count - 1;
    }
}

/// <summary>A file could not be made as small as was asked for.</summary>
/// <param name="format">The format's title.</param>
/// <param name="maximumBytes">The most bytes that were allowed.</param>
/// <param name="smallestBytes">The fewest bytes that were reached.</param>
/// <param name="given">What the smallest file gives up, in words.</param>
public sealed class SizeLimitException(string format, long maximumBytes, long smallestBytes, IReadOnlyList<string> given)
    : Exception(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The {format} does not get below {maximumBytes:#,0} bytes: the smallest that was reached has {smallestBytes:#,0}{(given.Count > 0 ? $", with {string.Join(", ", given)}" : "")}."))
{
    /// <summary>The most bytes that were allowed.</summary>
    public long MaximumBytes { get; } = maximumBytes;

    /// <summary>The fewest bytes that were reached.</summary>
    public long SmallestBytes { get; } = smallestBytes;
}
