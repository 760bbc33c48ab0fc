using Emu.Media.Pictures;

namespace Emu.Editing.Plans.Grammar;

/// <summary>How words are to look and where, as said; each null where nothing is said.</summary>
internal sealed record TextLook(Place? Place = null, PictureColor? Color = null, double? Size = null);

/// <summary>Wordings of writing: "write "Aloha!" at the bottom in red".</summary>
internal static class TextRules
{
    private static readonly PatternPart In = Phrases.Part("in|with|using|written in|and in");
    private static readonly PatternPart Letters = Phrases.Part("letters|text|type|font|writing|lettering|words|print|characters|capitals|ink");

    public static void AddQuoted(Rules rules)
    {
        rules.Part("look", (words, start) => Looks(words, start, new TextLook(), 0));
        rules.Part("write", "write|type|print|put|add|place|insert|stick|draw|i want|i'd like|i would like|paint|overlay|scribble|have|include|display|show|engrave|stamp|it should say|slap|letter");
        rules.Part("textnoun", "text|words|word|caption|title|headline|heading|message|slogan|label|letters|phrase|line|subtitle|watermark|sign|lettering|sentence|name|quote|inscription|greeting|note|writing");
        rules.Part("saying", "saying|that says|reading|which says|that reads|:|of|with|with the words|with the text|with the word|to say");
        rules.Add(
            """
            <write> <look>? a|the|an|some|this|my? <look>? <textnoun>? <look>? <saying>? <quote> <look>?
            with|with_the|and? the|a? <textnoun> <saying>? <quote> <look>?
            <textnoun> <look>? <saying>? <quote> <look>?
            caption|title|sign|inscribe|tag|letter|headline <picture>? with|as|:? <quote> <look>?
            make|let|have|get <picture> say|read|display|show <quote> <look>?
            give <picture> the|a? <textnoun> <saying>? <quote> <look>?
            <quote> <look>
            """, (captures, reading) => Write(captures, reading, captures.Get<string>("quote")!));
        rules.Add("label|tag|name|caption|mark <subject> as|with|:? <quote> <look>?", (captures, reading) => Write(captures, reading, captures.Get<string>("quote")!, new Place(Placement.BelowSubject)));
        rules.Add("<quote>", (captures, reading) => Write(captures, reading, captures.Get<string>("quote")!), EditTask.Text);
    }

    public static void AddUnquoted(Rules rules)
    {
        rules.Add(
            """
            write|type|print|scribble the|a? <textnoun>? <saying>? <text> <look>?
            add|put|insert|place|overlay|show|display|include the|a? text|words|word|caption|title|headline|slogan|message <saying>? <text> <look>?
            caption|title <picture> <text> <look>?
            make|let|have <picture> say|read <text> <look>?
            """, (captures, reading) => Write(captures, reading, captures.Raw("text")));
        rules.Add("<text> <look>?", (captures, reading) => Write(captures, reading, captures.Raw("text")), EditTask.Text);
    }

    private static Draft? Write(Captures captures, Reading reading, string words, Place? usual = null)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return null;
        }

        var look = captures.Get<TextLook>("look") ?? new TextLook();
        var place = look.Place ?? usual ?? new Place(Placement.Auto);
        var placement = place is { OnIt: true, Placement: Placement.OnSubject } ? Placement.Auto : place.Placement;
        return reading.On(captures, new WriteText(words, placement, look.Color, look.Size), place.InMask ? EditTarget.Mask : EditTarget.Everything);
    }

    /// <summary>Any number of places, colours and sizes, in any order; the most first.</summary>
    private static IEnumerable<Fit> Looks(Words words, int start, TextLook look, int count)
    {
        if (count < 4 && start < words.Count)
        {
            foreach (var (end, next) in Steps(words, start, look))
            {
                foreach (var fit in Looks(words, end, next, count + 1))
                {
                    yield return fit;
                }
            }
        }

        if (count > 0)
        {
            yield return new(start, look);
        }
    }

    private static IEnumerable<(int End, TextLook Look)> Steps(Words words, int start, TextLook look)
    {
        if (words[start] is "," && start + 1 < words.Count)
        {
            start++;
        }

        if (look.Place is null or { Placement: Placement.Auto } or { OnIt: true })
        {
            foreach (var fit in Places.Find(words, start))
            {
                yield return (fit.End, look with { Place = (Place)fit.Value! });
            }
        }

        var at = Phrases.LongestEnd(In, words, start) is > 0 and var after ? after : start;
        foreach (var (end, dressed) in Dress(words, at, look))
        {
            var letters = Phrases.LongestEnd(Letters, words, end);
            if (letters > 0)
            {
                yield return (letters, dressed);
            }

            yield return (end, dressed);
        }
    }

    /// <summary>"Big white", "red", "small".</summary>
    private static IEnumerable<(int End, TextLook Look)> Dress(Words words, int start, TextLook look)
    {
        var at = start;
        while (at < words.Count && words[at] is "a" or "very" or "really" or "nice" or "bold")
        {
            at++;
        }

        var size = at < words.Count && look.Size is null ? SizeOf(words[at]) : null;
        var next = size is null ? look : look with { Size = size };
        var from = size is null ? at : at + 1;
        if (look.Color is null)
        {
            foreach (var fit in ColorWords.Find(words, from))
            {
                yield return (fit.End, next with { Color = (PictureColor)fit.Value! });
            }
        }

        if (size is not null)
        {
            yield return (from, next);
        }
    }

    private static double? SizeOf(string word) => word switch
    {
        "tiny" => 0.04,
        "small" or "little" or "smaller" => 0.06,
        "medium" => 0.12,
        "big" or "large" or "bigger" or "larger" => 0.25,
        "huge" or "giant" or "enormous" or "gigantic" => 0.35,
        _ => null,
    };
}
