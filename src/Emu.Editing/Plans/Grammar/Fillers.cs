namespace Emu.Editing.Plans.Grammar;

/// <summary>Takes away what says nothing: "could you please …, thanks".</summary>
internal static class Fillers
{
    private static readonly PatternPart Leading = Phrases.Part(
        "please|pls|plz|could you|can you|can we|could we|would you|will you|would you mind|i want you to|i 'd like you to|i would like you to|i want to|i 'd like to|i would like to|i need to|i need you to|now|also|then|finally|first|firstly|second|secondly|third|"
        + "next|lastly|ok|okay|hey|hi|hello|so|just|maybe|perhaps|and|but|plus|after that|afterwards|go ahead and|try to|help me|we should|you should|let 's|lets|let us|kindly|simply|quickly|actually|oh|well|um|hmm|as well|at last|at the end|in the end|emu|"
        + "you can|you could|i want|it would be nice if you could|it 'd be nice if you could|is it possible to|how about we|how about you|why don't you|feel free to|be so kind and|do me a favor and|yo|alright|together with that|in addition|additionally|,|while you are at it|"
        + "while you 're at it|to begin with|start by|can u|i need|i 'd love you to|i think you should|one more thing|really|could|instead|afterward|besides|too|i 'd like it if you could|i 'd want you to");

    private static readonly PatternPart Soft = Phrases.Part("i want|i need|could|too|instead|really|just|so|second|third|next|first|hi|hello|well");

    private static readonly PatternPart Trailing = Phrases.Part(
        "please|pls|plz|thanks|thank you|thx|thanks a lot|for me|now|instead|too|as well|also|if possible|if you can|would you|could you|will you|ok|okay|fix that|fix it|please fix it|fix it please|please fix that|fix this|correct it|correct that|,|"
        + "and|then|if you don't mind|real quick|asap|this time|again|at the end|at last|thank you very much|many thanks|cheers|my friend|first|afterwards|after that|so|will ya|can you|can you fix it|can you fix that|fix that please|ta|but|plus|while|i think|i guess|or something");

    /// <summary>A clause without its fillers.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="keep">Whether words that may also say something ("I want …") stay.</param>
    public static Words Strip(Words clause, bool keep = false)
    {
        var (start, end) = (0, clause.Count);
        while (start < end && Phrases.LongestEnd(Leading, clause, start) is > 0 and var next && next <= end && !(keep && Phrases.LongestEnd(Soft, clause, start) == next))
        {
            start = next;
        }

        for (var found = true; found && end > start;)
        {
            found = false;
            for (var from = Math.Max(start, end - 5); from < end && !found; from++)
            {
                if (Trailing(clause, from).Any(fit => fit.End == end))
                {
                    (end, found) = (from, true);
                }
            }
        }

        return start == 0 && end == clause.Count ? clause : clause.Part(start, end);
    }
}
