namespace Emu.Editing.Plans.Grammar;

/// <summary>Where something comes, as said.</summary>
/// <param name="Placement">Where; <see cref="Plans.Placement.Auto"/> for "on it" and "on the picture".</param>
/// <param name="InMask">Whether it is the painted region.</param>
/// <param name="OnIt">Whether it is said to be on or by "it", which may be the subject.</param>
internal sealed record Place(Placement Placement, bool InMask = false, bool OnIt = false);

/// <summary>Reads places.</summary>
internal static class Places
{
    private static readonly PatternPart Lead = Phrases.Part("in|at|on|to|into|onto|near|across|over|along|toward|towards|over in|over to|up in|up at|down in|down at|all the way to|right in|right at|over at|over on");
    private static readonly PatternPart Beside = Phrases.Part("next to|beside|by|near|alongside|to the side of|at the side of|right next to|close to|standing next to|sitting next to|right beside|nearby");
    private static readonly PatternPart Above = Phrases.Part("above|over|floating above|right above|hovering above|hovering over|flying over|just above");
    private static readonly PatternPart Below = Phrases.Part("below|under|beneath|underneath|right below|just below|at the feet of|at the bottom of");
    private static readonly PatternPart LeftOf = Phrases.Part("to the left of|left of|on the left of|on the left side of|at the left of");
    private static readonly PatternPart RightOf = Phrases.Part("to the right of|right of|on the right of|on the right side of|at the right of");
    private static readonly PatternPart TopOf = Phrases.Part("on top of|atop|on the head of|on the top of|onto the head of");
    private static readonly PatternPart On = Phrases.Part("on|onto|to|across|for|over|in");
    private static readonly PatternPart Heads = Phrases.Part(Vocabulary.Heads);
    private static readonly PatternPart Parts = Phrases.Part(Vocabulary.Parts);
    private static readonly PatternPart Feet = Phrases.Part("feet|foot");
    private static readonly PatternPart Anywhere = Phrases.Part("there|in there|somewhere|anywhere|wherever it fits|where there is room|somewhere nice");

    /// <summary>A place in the picture or by its subject: a <see cref="Place"/>.</summary>
    public static IEnumerable<Fit> Find(Words words, int start) => BySubject(words, start).Concat(OnParts(words, start)).Concat(Whole(words, start)).Concat(Edges(words, start)).OrderByDescending(fit => fit.End);

    /// <summary>A place in the picture only.</summary>
    public static IEnumerable<Fit> Edges(Words words, int start)
    {
        var lead = Phrases.LongestEnd(Lead, words, start);
        var at = lead > 0 ? lead : start;
        var (top, bottom, left, right, center) = (false, false, false, false, false);
        List<Fit> fits = [];
        for (; at < words.Count; at++)
        {
            var word = words[at];
            var isDirection = word is "top" or "upper" or "bottom" or "lower" or "left" or "lefthand" or "right" or "righthand" or "center" or "mid";
            if (!isDirection && word is not ("the" or "very" or "far" or "hand" or "side" or "edge" or "corner" or "part" or "half" or "of" or "picture" or "photo" or "image" or "frame" or "in" or "on" or "at" or "it" or "area" or "and" or "third" or "border" or "dead" or "own"))
            {
                break;
            }

            top |= word is "top" or "upper";
            bottom |= word is "bottom" or "lower";
            left |= word is "left" or "lefthand";
            right |= word is "right" or "righthand";
            center |= word is "center" or "mid";
            if ((top || bottom || left || right || center) && (isDirection || word is "side" or "edge" or "corner" or "part" or "half" or "picture" or "photo" or "image" or "frame" or "area" or "third" or "border" or "it"))
            {
                if (Of(top, bottom, left, right, center) is { } placement)
                {
                    fits.Add(new(at + 1, new Place(placement)));
                }
            }
        }

        fits.Reverse();
        return fits;
    }

    private static Placement? Of(bool top, bool bottom, bool left, bool right, bool center) => (top, bottom, left, right) switch
    {
        (true, true, _, _) or (_, _, true, true) => null,
        (true, _, true, _) => Placement.TopLeft,
        (true, _, _, true) => Placement.TopRight,
        (_, true, true, _) => Placement.BottomLeft,
        (_, true, _, true) => Placement.BottomRight,
        (true, _, _, _) => Placement.Top,
        (_, true, _, _) => Placement.Bottom,
        (_, _, true, _) => Placement.Left,
        (_, _, _, true) => Placement.Right,
        _ => center ? Placement.Center : null,
    };

    private static IEnumerable<Fit> BySubject(Words words, int start)
    {
        foreach (var (part, placement) in new[]
        {
            (TopOf, Placement.OnTopOfSubject), (LeftOf, Placement.LeftOfSubject), (RightOf, Placement.RightOfSubject), (Beside, Placement.BesideSubject), (Above, Placement.AboveSubject),
            (Below, Placement.BelowSubject), (On, Placement.OnSubject),
        })
        {
            foreach (var lead in part(words, start))
            {
                foreach (var fit in Targets.FindKnown(words, lead.End))
                {
                    var target = (TargetWords)fit.Value!;
                    switch (target.Kind)
                    {
                        case TargetKind.Subject:
                            yield return new(fit.End, new Place(placement));
                            break;
                        case TargetKind.It:
                            yield return new(fit.End, new Place(placement, OnIt: true));
                            break;
                        case TargetKind.Picture when placement == Placement.OnSubject:
                            yield return new(fit.End, new Place(Placement.Auto));
                            break;
                        case TargetKind.Mask when placement == Placement.OnSubject:
                            yield return new(fit.End, new Place(Placement.Auto, InMask: true));
                            break;
                    }
                }
            }
        }
    }

    /// <summary>"On her head", "on the cat's nose", "at his feet".</summary>
    private static IEnumerable<Fit> OnParts(Words words, int start)
    {
        if (start >= words.Count || words[start] is not ("on" or "onto" or "over" or "across" or "in" or "at" or "around" or "to" or "above"))
        {
            yield break;
        }

        var at = start + 1;
        while (at < words.Count && at - start < 6 && (Vocabulary.Pointers.Contains(words[at]) || Vocabulary.Adjectives.Contains(words[at]) || Vocabulary.IsSubject(words[at]) || words[at] is "'s" or "top" or "of"))
        {
            at++;
        }

        if (at == start + 1)
        {
            yield break;
        }

        foreach (var (part, placement) in new[] { (Heads, words[start] == "above" ? Placement.AboveSubject : Placement.OnTopOfSubject), (Parts, Placement.OnSubject), (Feet, Placement.BelowSubject) })
        {
            foreach (var fit in part(words, at))
            {
                yield return new(fit.End, new Place(placement));
            }
        }
    }

    private static IEnumerable<Fit> Whole(Words words, int start)
    {
        foreach (var fit in Anywhere(words, start))
        {
            yield return new(fit.End, new Place(Placement.Auto));
        }

        if (start < words.Count && words[start] == "here")
        {
            yield return new(start + 1, new Place(Placement.Auto, InMask: true));
        }
    }
}
