namespace Emu.Pipeline.Models;

/// <summary>The values a setting may have.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest; equal to the smallest where only one value was trained for.</param>
/// <param name="Default">What is taken if nothing is asked.</param>
public sealed record NumberRange(double Minimum, double Maximum, double Default)
{
    /// <summary>Whether a value may be used. A value that is no number never may.</summary>
    public bool Contains(double value) => value >= Minimum && value <= Maximum;
}
