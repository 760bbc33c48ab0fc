using System.Globalization;

namespace Emu.Api.Requests;

/// <summary>Reads whole numbers as JSON has them: <c>7</c>, <c>7.0</c> and <c>7e0</c> are the same number.</summary>
internal static class WholeNumbers
{
    /// <summary>Reads a number; false if it is not whole, or out of range.</summary>
    public static bool TryParse(string text, out long number)
    {
        number = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            || !decimal.IsInteger(value) || value is < long.MinValue or > long.MaxValue)
        {
            return false;
        }

        // A decimal rounds digits that it cannot hold: 1e-30 is not 0.
        number = (long)value;
        return number == double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
