using System.Text.RegularExpressions;

namespace Emu.Pipeline.Jobs;

/// <summary>The rules for owners' names, which are parts of artifact names.</summary>
public static partial class Owner
{
    /// <summary>The owner of jobs made without keys.</summary>
    public const string Local = "local";

    /// <summary>Refuses what is no owner's name: 1 to 64 of a–z, 0–9, <c>_</c> and <c>-</c>, beginning with a letter or digit.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Validate(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (!Name().IsMatch(owner))
        {
            throw new ArgumentException($"'{owner}' is no owner's name: 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter or digit.", nameof(owner));
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex Name();
}
