using System.Text;

namespace Emu.Editing.Operations.Text;

/// <summary>
/// Which way the characters of a paragraph run: the Unicode Bidirectional Algorithm (Standard Annex 9) with its implicit rules
/// (P2–P3, W1–W7, N0–N2, I1–I2, L1–L2). Explicit embeddings and isolates are read as nothing.
/// </summary>
internal sealed class BidiText
{
    private const string Opening = "([{";
    private const string Closing = ")]}";

    private readonly byte[] _levels;
    private readonly BidiClass[] _original;

    /// <summary>Finds the levels.</summary>
    /// <param name="text">One paragraph, without line breaks.</param>
    public BidiText(string text)
    {
        var classes = new BidiClass[text.Length];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            classes.AsSpan(i, length).Fill(BidiClasses.Of(rune));
            i += length;
        }
        _original = [.. classes];
        var strong = Array.FindIndex(classes, kind => kind is BidiClass.Left or BidiClass.Right or BidiClass.Arabic);
        Base = (byte)(strong >= 0 && classes[strong] != BidiClass.Left ? 1 : 0);
        // Characters without an appearance take no part (X9): the rules see the others side by side.
        var seen = Enumerable.Range(0, text.Length).Where(i => classes[i] != BidiClass.None).ToArray();
        var run = Array.ConvertAll(seen, i => classes[i]);
        Weak(run);
        Brackets(run, Array.ConvertAll(seen, i => text[i]));
        Neutrals(run);
        _levels = new byte[text.Length];
        Array.Fill(_levels, Base);
        for (var i = 0; i < seen.Length; i++)
        {
            _levels[seen[i]] = LevelOf(run[i]);
        }
        for (var i = 1; i < text.Length; i++)
        {
            _levels[i] = classes[i] == BidiClass.None ? _levels[i - 1] : _levels[i];
        }
    }

    /// <summary>The paragraph's own level: 0 from left to right, 1 from right to left.</summary>
    public byte Base { get; }

    /// <summary>The levels of a line, with its trailing spaces at the paragraph's level (L1); odd ones run from right to left.</summary>
    public byte[] LevelsOf(Range line)
    {
        var (start, length) = line.GetOffsetAndLength(_levels.Length);
        var levels = _levels.AsSpan(start, length).ToArray();
        for (var i = length - 1; i >= 0 && (_original[start + i] is BidiClass.Space or BidiClass.None); i--)
        {
            levels[i] = Base;
        }
        return levels;
    }

    /// <summary>The order, from left to right, in which things of these levels are seen (L2).</summary>
    public static int[] VisualOrder(ReadOnlySpan<byte> levels)
    {
        var order = new int[levels.Length];
        var (highest, lowest) = ((byte)0, byte.MaxValue);
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            highest = Math.Max(highest, levels[i]);
            lowest = (levels[i] & 1) == 1 ? Math.Min(lowest, levels[i]) : lowest;
        }
        for (var level = highest; level >= lowest && level > 0; level--)
        {
            for (var i = 0; i < order.Length; i++)
            {
                var end = i;
                while (end < order.Length && levels[order[end]] >= level)
                {
                    end++;
                }
                order.AsSpan(i, end - i).Reverse();
                i = Math.Max(i, end - 1);
            }
        }
        return order;
    }

    private BidiClass Embedding => Base == 1 ? BidiClass.Right : BidiClass.Left;

    private byte LevelOf(BidiClass kind) => (byte)(Base + ((Base, kind) switch
    {
        (0, BidiClass.Right) => 1,
        (0, BidiClass.Number or BidiClass.ArabicNumber) => 2,
        (1, BidiClass.Left or BidiClass.Number or BidiClass.ArabicNumber) => 1,
        _ => 0,
    }));

    private void Weak(BidiClass[] run)
    {
        var strong = Embedding;
        for (var i = 0; i < run.Length; i++)
        {
            // W1 and W2: marks follow what they stand on; digits after Arabic letters are Arabic numbers.
            run[i] = run[i] == BidiClass.Mark ? (i == 0 ? Embedding : run[i - 1]) : run[i];
            strong = run[i] is BidiClass.Left or BidiClass.Right or BidiClass.Arabic ? run[i] : strong;
            run[i] = run[i] == BidiClass.Number && strong == BidiClass.Arabic ? BidiClass.ArabicNumber : run[i];
        }
        for (var i = 0; i < run.Length; i++)
        {
            run[i] = run[i] == BidiClass.Arabic ? BidiClass.Right : run[i];
        }
        for (var i = 1; i + 1 < run.Length; i++)
        {
            // W4: one sign or separator between two numbers.
            var between = run[i - 1] == run[i + 1];
            run[i] = between && run[i - 1] == BidiClass.Number && (run[i] is BidiClass.Sign or BidiClass.Separator) ? BidiClass.Number
                : between && run[i - 1] == BidiClass.ArabicNumber && run[i] == BidiClass.Separator ? BidiClass.ArabicNumber
                : run[i];
        }
        Terminators(run);
        strong = Embedding;
        for (var i = 0; i < run.Length; i++)
        {
            // W6 and W7: what is left of them is neutral; numbers after letters from left to right are as those letters.
            run[i] = run[i] is BidiClass.Sign or BidiClass.Separator or BidiClass.Terminator ? BidiClass.Neutral : run[i];
            strong = run[i] is BidiClass.Left or BidiClass.Right ? run[i] : strong;
            run[i] = run[i] == BidiClass.Number && strong == BidiClass.Left ? BidiClass.Left : run[i];
        }
    }

    /// <summary>W5: terminators beside a number belong to it.</summary>
    private static void Terminators(BidiClass[] run)
    {
        for (var i = 0; i < run.Length; i++)
        {
            var end = i;
            while (end < run.Length && run[end] == BidiClass.Terminator)
            {
                end++;
            }
            if (end > i && ((i > 0 && run[i - 1] == BidiClass.Number) || (end < run.Length && run[end] == BidiClass.Number)))
            {
                Array.Fill(run, BidiClass.Number, i, end - i);
            }
            i = Math.Max(i, end - 1);
        }
    }

    /// <summary>N0: a pair of brackets takes the direction of what it holds, or of what precedes it.</summary>
    private void Brackets(BidiClass[] run, char[] characters)
    {
        var open = new Stack<int>();
        var pairs = new List<(int Open, int Close)>();
        for (var i = 0; i < run.Length; i++)
        {
            if (run[i] != BidiClass.Neutral)
            {
                continue;
            }
            if (Opening.Contains(characters[i], StringComparison.Ordinal))
            {
                open.Push(i);
            }
            else if (Closing.IndexOf(characters[i], StringComparison.Ordinal) is >= 0 and var kind && open.Any(o => characters[o] == Opening[kind]))
            {
                while (characters[open.Peek()] != Opening[kind])
                {
                    open.Pop();
                }
                pairs.Add((open.Pop(), i));
            }
        }
        foreach (var (first, last) in pairs.OrderBy(pair => pair.Open))
        {
            var within = run[(first + 1)..last].Select(Strong).Where(kind => kind != BidiClass.Neutral).ToHashSet();
            if (within.Count == 0)
            {
                continue;
            }
            var preceding = run[..first].Select(Strong).LastOrDefault(kind => kind != BidiClass.Neutral, Embedding);
            run[first] = run[last] = within.Contains(Embedding) ? Embedding : preceding;
        }
    }

    /// <summary>N1 and N2: what is neutral runs as both its neighbours, or as the paragraph.</summary>
    private void Neutrals(BidiClass[] run)
    {
        for (var i = 0; i < run.Length; i++)
        {
            var end = i;
            while (end < run.Length && Strong(run[end]) == BidiClass.Neutral)
            {
                end++;
            }
            if (end > i)
            {
                var before = i == 0 ? Embedding : Strong(run[i - 1]);
                var after = end == run.Length ? Embedding : Strong(run[end]);
                Array.Fill(run, before == after ? before : Embedding, i, end - i);
            }
            i = Math.Max(i, end - 1);
        }
    }

    /// <summary>Numbers count as right to left; everything that is no letter and no number is neutral.</summary>
    private static BidiClass Strong(BidiClass kind) => kind switch
    {
        BidiClass.Left => BidiClass.Left,
        BidiClass.Right or BidiClass.Number or BidiClass.ArabicNumber => BidiClass.Right,
        _ => BidiClass.Neutral,
    };
}
