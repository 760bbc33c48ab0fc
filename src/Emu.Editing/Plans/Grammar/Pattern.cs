namespace Emu.Editing.Plans.Grammar;

/// <summary>One way in which a part of a pattern fits: up to which token, and what it says.</summary>
internal readonly record struct Fit(int End, object? Value = null);

/// <summary>A part of a pattern: every way in which it fits from a token on, the preferred first.</summary>
internal delegate IEnumerable<Fit> PatternPart(Words words, int start);

/// <summary>What a pattern found.</summary>
internal sealed class Captures(Words words)
{
    private readonly List<(string Name, int Start, int End, object? Value)> _found = [];

    /// <summary>The clause.</summary>
    public Words Words { get; } = words;

    /// <summary>What a part said; null or zero where it is absent.</summary>
    public T? Get<T>(string name)
    {
        foreach (var (found, _, _, value) in _found)
        {
            if (found == name && value is T typed)
            {
                return typed;
            }
        }

        return default;
    }

    /// <summary>Whether a part is there.</summary>
    public bool Has(string name) => _found.Exists(found => found.Name == name);

    /// <summary>The words of a part, as the user wrote them.</summary>
    public string Raw(string name)
    {
        var (start, end) = Span(name);
        return Words.Raw(start, end);
    }

    /// <summary>Where a part is; empty if it is absent.</summary>
    public (int Start, int End) Span(string name)
    {
        foreach (var found in _found)
        {
            if (found.Name == name)
            {
                return (found.Start, found.End);
            }
        }

        return (0, 0);
    }

    internal int Count => _found.Count;

    internal void Add(string name, int start, int end, object? value) => _found.Add((name, start, end, value));

    internal void Cut(int count) => _found.RemoveRange(count, _found.Count - count);
}

/// <summary>
/// A wording: words (<c>a|b|c_d</c>, <c>_</c> for a space within one), named parts (<c>&lt;color&gt;</c>, <c>&lt;color:from&gt;</c>),
/// each optional with <c>?</c>. It fits a clause as a whole, first word to last.
/// </summary>
internal sealed class Pattern
{
    private readonly Element[] _elements;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="ArgumentException">A part has no such name.</exception>
    public Pattern(string pattern, Func<string, PatternPart?> parts)
    {
        _elements = [.. pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

        Element Parse(string text)
        {
            var optional = text.EndsWith('?');
            text = optional ? text[..^1] : text;
            var pieces = text.Split('|');
            var literal = string.Join('|', pieces.Where(piece => piece[0] != '<')).Replace('_', ' ');
            string[][] named = [.. pieces.Where(piece => piece[0] == '<').Select(piece => piece.Trim('<', '>').Split(':'))];
            PatternPart[] all = [.. named.Select(names => parts(names[0]) ?? throw new ArgumentException($"'{pattern}': there is no part '{names[0]}'.")), .. literal.Length > 0 ? [Phrases.Part(literal)] : Array.Empty<PatternPart>()];
            return new(named.FirstOrDefault()?[^1], all is [var only] ? only : (words, start) => all.SelectMany(part => part(words, start)), optional);
        }
    }

    /// <summary>Tries every way in which the pattern fits until one is accepted.</summary>
    /// <param name="words">The clause.</param>
    /// <param name="accept">Makes something of it, or null to go on.</param>
    public T? Match<T>(Words words, Func<Captures, T?> accept)
        where T : class => Match(new Captures(words), 0, 0, accept);

    private T? Match<T>(Captures captures, int element, int token, Func<Captures, T?> accept)
        where T : class
    {
        if (element == _elements.Length)
        {
            return token == captures.Words.Count ? accept(captures) : null;
        }

        var (name, part, optional) = _elements[element];
        foreach (var fit in part(captures.Words, token))
        {
            var count = captures.Count;
            if (name is not null)
            {
                captures.Add(name, token, fit.End, fit.Value);
            }

            if (Match(captures, element + 1, fit.End, accept) is { } made)
            {
                return made;
            }

            captures.Cut(count);
        }

        return optional ? Match(captures, element + 1, token, accept) : null;
    }

    private readonly record struct Element(string? Name, PatternPart Part, bool Optional);
}

/// <summary>Sets of words and wordings.</summary>
internal static class Phrases
{
    /// <summary>A part that is one of several wordings, divided by <c>|</c>; longer ones first. Its value is the wording as listed.</summary>
    public static PatternPart Part(string phrases)
    {
        var byFirst = phrases.Split('|').Select(phrase => (Phrase: phrase, Tokens: (string[])[.. Words.Of(phrase).Tokens.Select(token => token.Text)]))
            .Where(entry => entry.Tokens.Length > 0)
            .OrderByDescending(entry => entry.Tokens.Length).GroupBy(entry => entry.Tokens[0]).ToDictionary(group => group.Key, group => group.ToArray());
        return Find;

        IEnumerable<Fit> Find(Words words, int start)
        {
            if (start >= words.Count || !byFirst.TryGetValue(words[start], out var candidates))
            {
                yield break;
            }

            foreach (var (phrase, tokens) in candidates)
            {
                if (start + tokens.Length <= words.Count && Enumerable.Range(0, tokens.Length).All(index => words[start + index] == tokens[index]))
                {
                    yield return new(start + tokens.Length, phrase);
                }
            }
        }
    }

    /// <summary>Whether a part fits a run of words wholly.</summary>
    public static bool IsWhole(PatternPart part, Words words) => part(words, 0).Any(fit => fit.End == words.Count);

    /// <summary>The longest fit; -1 if there is none.</summary>
    public static int LongestEnd(PatternPart part, Words words, int start) => part(words, start).Select(fit => fit.End).DefaultIfEmpty(-1).Max();
}
