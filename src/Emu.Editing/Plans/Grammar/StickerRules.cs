namespace Emu.Editing.Plans.Grammar;

/// <summary>
/// Wordings of adding: "put a lil crown on her head". A place by an unknown thing ("on the table") is refused, as it is not found by
/// its name; with "a" ("a cat on a skateboard") it is part of what the sticker shows.
/// </summary>
internal static class StickerRules
{
    private static readonly string[] Prepositions = ["on", "in", "at", "under", "behind", "near", "beside", "over", "above", "by", "to", "onto", "into", "inside", "below", "between", "around", "through", "against"];

    public static void Add(Rules rules)
    {
        rules.Part(
            "add",
            "add|put|place|stick|insert|throw in|throw|slap|drop|drop in|paste|include|draw|paint|pop|attach|tack on|plop|i want|i'd like|i would like|i need|let there be|there should be|can we have|can i have|let 's have|let's have|give me|show|have|i'd love|"
            + "paste in|bring in|squeeze in|we need|can we get|can you add|get");
        rules.Add(
            """
            <add> <text> <place>?
            <add> <place> ,? <text>
            <place> ,? <add> <text>
            decorate|adorn|garnish|spice_up <picture> with <text> <place>?
            """, (captures, reading) => Add(captures, reading, captures.Get<Place>("place")));
        rules.Add(
            """
            give|hand|get|buy|bring <subject> <text>
            dress|put <subject> in|with <text>
            make|let|have <subject> wear|hold|have|carry <text>
            <subject> should|must|needs_to|could wear|have|hold <text>
            """, (captures, reading) => Add(captures, reading, new Place(Placement.BesideSubject)));
        rules.Add("<text> <place>?", (captures, reading) => Add(captures, reading, captures.Get<Place>("place")), EditTask.Add);
    }

    private static Draft? Add(Captures captures, Reading reading, Place? place)
    {
        var (start, end) = captures.Span("text");
        var words = captures.Words;
        if (reading.Refusal is not null || !Starts(words, start))
        {
            return null;
        }

        for (var index = start + 1; index + 1 < end; index++)
        {
            if (words[index] is "saying" or "says" or "reading" or "reads")
            {
                return reading.Refuse(
                    InstructionError.TargetNotSupported, captures, $"stickers have no words. Write them: \"write \\\"{words.Raw(index + 1, end)}\\\"\".", $"write \"{words.Raw(index + 1, end)}\"");
            }

            if (Prepositions.Contains(words[index]) && (Vocabulary.Pointers.Contains(words[index + 1]) || words[index + 1] is "him" or "her" or "it" or "them"))
            {
                return reading.Refuse(
                    InstructionError.MaskNeeded, captures,
                    $"where \"{words.Raw(index, end)}\" is cannot be found by words. Paint the place as a mask and say \"in the marked area\", or name a corner, an edge, the middle, or a place by the subject.",
                    $"add {words.Raw(start, index)} in the marked area");
            }
        }

        // "A dreamy look" is how the picture is to be, not what it is to show.
        if (words[end - 1] is "look" or "feel" or "feeling" or "vibe" or "mood" or "atmosphere" or "tone" or "style" or "finish" or "touch")
        {
            return null;
        }

        if (Enumerable.Range(start + 1, end - start - 1).Any(index => Vocabulary.Pointers.Contains(words[index]) && words[index - 1] is not ("of" or "with" or "like" or "from")))
        {
            return null;
        }

        while (start < end - 1 && words[start] is "a" or "an" or "the" or "some" or "another" or "one" or "really" or "very" or "nice")
        {
            start++;
        }

        double? size = null;
        while (start < end - 1 && SizeOf(words[start]) is { } share)
        {
            (size, start) = (share, start + 1);
        }

        var prompt = words.Raw(start, end).Trim(',', ' ');
        var placement = Placed(place, words[end - 1], reading);
        return reading.On(captures, new AddSticker(prompt, placement, size), place?.InMask == true ? EditTarget.Mask : EditTarget.Everything);
    }

    /// <summary>No pronoun, nor anything that the picture shows already.</summary>
    private static bool Starts(Words words, int start) =>
        !(words[start] is "it" or "this" or "that" or "him" or "her" or "them" or "me" or "us" or "he" or "she" or "they" or "everything" or "all" or "more" or "less" or "and" or "," or "to" or "on" or "in" or "at" or "of" or "for" or "with" or "my" or "his" or "its" or "their"
            || words[start] is "up" or "down" or "out" or "off" or "away" or "is" or "are" or "be" or "something" or "anything" or "nothing" or "nice" or "good" or "better" or "you" or "i")
        && !(words[start] is "the" && start + 1 < words.Count && Vocabulary.IsSubject(words[start + 1]));

    private static Placement Placed(Place? place, string noun, Reading reading)
    {
        if (place is null)
        {
            return Placement.Auto;
        }

        var onSubject = place.Placement is Placement.OnSubject or Placement.BesideSubject;
        if (onSubject && Vocabulary.HeadWear.Contains(noun))
        {
            return Placement.OnTopOfSubject;
        }

        if (onSubject && Vocabulary.Wear.Contains(noun))
        {
            return Placement.OnSubject;
        }

        return place is { OnIt: true, Placement: Placement.OnSubject } && reading.It != EditTarget.Subject ? Placement.Auto : place.Placement;
    }

    private static double? SizeOf(string word) => word switch
    {
        "tiny" or "little" or "small" or "mini" => 0.15,
        "big" or "large" => 0.5,
        "huge" or "giant" or "enormous" or "gigantic" => 0.8,
        _ => null,
    };
}
