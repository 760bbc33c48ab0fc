namespace Emu.Editing.Plans.Grammar;

/// <summary>Directions and distances: "to the right a bit", "up by 10 %".</summary>
internal static class Ways
{
    private const double SlightMove = 0.1;
    private const double UsualMove = 0.2;
    private const double StrongMove = 0.35;

    public static IEnumerable<Fit> Find(Words words, int start)
    {
        Amount? amount = null;
        var (right, down) = (0, 0);
        for (var at = start; at < words.Count;)
        {
            var found = Amounts.Find(words, at).FirstOrDefault();
            if (found.Value is Amount said)
            {
                amount = amount is null || said.Degree != Degree.Usual || said.Share is not null ? said : amount;
                at = found.End;
            }
            else if (words[at] is "left" or "leftwards" or "right" or "rightwards" or "up" or "upwards" or "upward" or "down" or "downwards" or "downward" or "higher" or "lower")
            {
                right = words[at][0] switch { 'l' when words[at] != "lower" => -1, 'r' => 1, _ => right };
                down = words[at] switch { "lower" => 1, _ when words[at][0] == 'd' => 1, _ when words[at][0] is 'u' or 'h' => -1, _ => down };
                at++;
            }
            else if (words[at] is "to" or "the" or "over" or "further" or "towards" or "toward" or "and" or "of" or "picture" or "by" or "farther" or "more" or "width" or "height")
            {
                at++;
                continue;
            }
            else
            {
                yield break;
            }

            if ((right != 0 || down != 0) && at >= words.Count)
            {
                var distance = (amount ?? Amount.Usual).Of(SlightMove, UsualMove, StrongMove, share => share);
                yield return new(at, new MoveSubject(right * distance, down * distance));
            }
        }
    }
}

/// <summary>How far a picture is turned: "90 degrees to the left", "upside down", "a quarter turn".</summary>
internal static class Rotations
{
    private static readonly (PatternPart Part, double Degrees)[] Turns =
    [
        (Phrases.Part("upside down|around|half way round|half way around|halfway round|halfway around|half way|on its head|a half turn|half a turn|by half a turn|all the way around to upside down|on the head|up side down"), 180),
        (Phrases.Part("a quarter turn|a quarter|one quarter turn|quarter turn|by a quarter|on its side|sideways|on the side|by a quarter turn|a quarter of a turn"), 90),
        (Phrases.Part("three quarters|three quarter turn|a three quarter turn"), 270),
    ];

    private static readonly PatternPart Left = Phrases.Part("left|to the left|counterclockwise|counter clockwise|anti clockwise|ccw|leftwards|to left|in counterclockwise direction");
    private static readonly PatternPart Right = Phrases.Part("right|to the right|clockwise|cw|rightwards|to right");

    public static IEnumerable<Fit> Find(Words words, int start)
    {
        double? degrees = null;
        var sign = 0;
        var at = start;
        while (at < words.Count)
        {
            if (Phrases.LongestEnd(Left, words, at) is > 0 and var left)
            {
                (sign, at) = (-1, left);
            }
            else if (Phrases.LongestEnd(Right, words, at) is > 0 and var right)
            {
                (sign, at) = (1, right);
            }
            else if (degrees is null && Amounts.Number(words, at).FirstOrDefault() is { Value: double number } fit)
            {
                at = fit.End < words.Count && words[fit.End] is "degrees" or "degree" or "deg" ? fit.End + 1 : fit.End;
                degrees = number;
            }
            else if (degrees is null && Turns.Select(turn => (End: Phrases.LongestEnd(turn.Part, words, at), turn.Degrees)).MaxBy(turn => turn.End) is { End: > 0 } turn)
            {
                (degrees, at) = (turn.Degrees, turn.End);
            }
            else if (words[at] is "by" or "about" or "the" or "direction" or "," or "in")
            {
                at++;
                continue;
            }
            else
            {
                break;
            }
        }

        if (at == words.Count && (degrees is not null || sign != 0))
        {
            yield return new(at, (degrees ?? 90) * (sign == 0 ? 1 : sign));
        }
    }
}
