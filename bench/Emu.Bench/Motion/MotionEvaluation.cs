using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Local.Models;
using Spectre.Console;

namespace Emu.Bench.Motion;

/// <summary>Whether things move as prompts say, measured on the frames: a hundred prompts that say a motion, and sixty that say none.</summary>
internal static class MotionEvaluation
{
    private const int Size = 256;
    private const int Frames = 32;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model package's folder or name.", DefaultValueFactory = _ => ModelFolders.DefaultName };
        var seed = new Option<long>("--seed") { Description = "The seed of every clip.", DefaultValueFactory = _ => 7 };
        var first = new Option<int?>("--first") { Description = "Only so many prompts of each kind." };
        var series = new Option<string?>("--series") { Description = "Also writes what was measured of every frame to this file (JSON)." };
        var command = new Command("motion", "Motions by words: a hundred prompts that say one and sixty that say none, measured on the frames.") { model, seed, first, series };
        command.SetAction(async (result, cancellationToken) =>
        {
            Dictionary<string, MeasuredMotion> measured = [];
            await Task.Run(() => Measure(result.GetValue(model)!, result.GetValue(seed), result.GetValue(first) ?? int.MaxValue, measured, cancellationToken), cancellationToken);
            if (result.GetValue(series) is { } file)
            {
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured), cancellationToken);
            }

            return 0;
        });
        return command;
    }

    private static void Measure(string name, long seed, int first, Dictionary<string, MeasuredMotion> measuredOf, CancellationToken cancellationToken)
    {
        using var sessions = new SessionCache(new SessionCacheOptions { Threads = Environment.ProcessorCount });
        var clips = new StickerClips(new ModelLibrary(sessions, [new("model", ModelLocator.Find(name))]).Get("model"), seed);
        var verbs = new Table().AddColumns("motion", "moved as meant", "not so");
        var (right, whole, others, count) = (0, 0, 0, 0);
        foreach (var verb in MotionPrompts.Said.Take(first).GroupBy(said => said.Motion))
        {
            var wrong = new List<string>();
            foreach (var (prompt, motion) in verb)
            {
                var measured = Of(prompt);
                var isRight = MotionMeanings.All[motion](measured);
                (count, whole) = (count + 1, whole + (measured.IsWhole ? 1 : 0));
                others += MotionMeanings.All.Count(meaning => meaning.Value != MotionMeanings.All[motion] && meaning.Value(measured));
                right += isRight && measured.IsWhole ? 1 : 0;
                if (!isRight || !measured.IsWhole)
                {
                    wrong.Add(prompt + (measured.IsWhole ? "" : " (in pieces)"));
                }
            }

            verbs.AddRow(verb.Key, $"{verb.Count() - wrong.Count} of {verb.Count()}", Markup.Escape(string.Join("; ", wrong)));
        }

        AnsiConsole.Write(verbs);
        string[] moved = [.. MotionPrompts.Nouns.Take(first).Where(IsMoved)];
        var nouns = Math.Min(first, MotionPrompts.Nouns.Count);
        var table = new Table().AddColumns("measure", "value", "target");
        table.AddRow("prompts whose clip moves as meant, all frames whole", Share(right, count), "≥ 95 %");
        table.AddRow("clips of which all frames are whole", Share(whole, count), "");
        table.AddRow("other motions' meanings that fit a clip too, mean", (others / (double)Math.Max(count, 1)).ToString("F2", CultureInfo.InvariantCulture) + $" of {MotionMeanings.All.Count - 1}", "");
        table.AddRow("nouns that sound like a motion and do not move", Share(nouns - moved.Length, nouns), "≥ 95 %");
        table.AddRow("nouns that moved", Markup.Escape(string.Join("; ", moved)), "");
        AnsiConsole.Write(table);

        MeasuredMotion Of(string prompt) => measuredOf[prompt] =
            MeasuredMotion.Of(clips.Frames(prompt, Size, Frames, withWords: true, cancellationToken)).Beyond(MeasuredMotion.Of(clips.Frames(prompt, Size, Frames, withWords: false, cancellationToken)));

        // By words: a thing may do what it does by itself, in all frames alike with and without words.
        bool IsMoved(string prompt) =>
            clips.Frames(prompt, Size, Frames, withWords: true, cancellationToken)
                .Zip(clips.Frames(prompt, Size, Frames, withWords: false, cancellationToken))
                .Any(pair => !pair.First.Samples.SequenceEqual(pair.Second.Samples));
    }

    private static string Share(int some, int all) => string.Create(CultureInfo.InvariantCulture, $"{some} of {all} ({100.0 * some / Math.Max(all, 1):F0} %)");
}
