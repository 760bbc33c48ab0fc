using System.Text.Json;

namespace Emu.Local.Tests.Jobs;

/// <summary>Work that is killed again and again gives the same bytes as work that is not.</summary>
public sealed class KilledWorkTests
{
    private const int Kill = 9;

    // How many files more the stages may leave before the next kill; fixed, so that a failure can be repeated.
    private static readonly Random Moments = new(7);

    [Fact]
    public async Task Work_KilledAfterRandomCheckpoints_GivesTheSameBytesAsUninterruptedWork()
    {
        using var folder = new TemporaryFolder();
        var whole = await QueueAsync(folder, "whole");
        await WorkAsync(folder, "whole");
        var killed = await QueueAsync(folder, "killed");

        var kills = 0;
        while (kills < 4 && !IsDone(folder, "killed", killed))
        {
            var (before, more) = (CountFiles(folder, "killed", killed), Moments.Next(1, 4));
            using var process = EmuProcess.Start(folder.Path, new Dictionary<string, string?>(), Arguments(folder, "killed"));
            await process.WaitUntilAsync(() => CountFiles(folder, "killed", killed) >= before + more || IsDone(folder, "killed", killed));
            if (!process.TrySignal(Kill))
            {
                break;      // it had ended its work by itself
            }

            await process.WaitAsync();
            kills++;
        }

        await WorkAsync(folder, "killed");
        Assert.True(kills >= 2, $"The job ended after {kills} kills: it was not interrupted.");
        var expected = Hashes(folder, "whole", whole);
        Assert.Contains("animate clip.safetensors", expected.Keys);
        Assert.Equal(expected, Hashes(folder, "killed", killed));
    }

    private static string[] Arguments(TemporaryFolder folder, string data) => ["work", "--data", folder[data], "--drain", "--no-uploads", "--time-budget", "0.5", "--keep-intermediate"];

    private static async Task<string> QueueAsync(TemporaryFolder folder, string data)
    {
        var added = await EmuCommand.RunAsync("jobs", "add", "a duck on a blue background", "--seed", "7", "--steps", "6", "--data", folder[data], "--json");
        Assert.True(added.ExitCode == 0, added.Errors);
        return JsonElement.Parse(added.Output).GetProperty("id").GetString()!;
    }

    private static async Task WorkAsync(TemporaryFolder folder, string data)
    {
        var worked = await EmuCommand.RunAsync(Arguments(folder, data));
        Assert.True(worked.ExitCode == 0, worked.Errors);
    }

    // Checkpoints, latents, frames and manifests: what the stages have left so far.
    private static int CountFiles(TemporaryFolder folder, string data, string id) =>
        Directory.EnumerateFiles(Path.Combine(folder[data], "store", "jobs", id), "*", SearchOption.AllDirectories).Count();

    private static bool IsDone(TemporaryFolder folder, string data, string id) => File.Exists(Path.Combine(folder[data], "store", "jobs", id, "encode.manifest.json"));

    // Stage and file → SHA-256, of every stage's one manifest.
    private static SortedDictionary<string, string> Hashes(TemporaryFolder folder, string data, string id)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder[data], "store", "jobs", id), "*.manifest.json"))
        {
            var manifest = JsonElement.Parse(File.ReadAllText(path));
            foreach (var file in manifest.GetProperty("files").EnumerateArray())
            {
                hashes.Add($"{manifest.GetProperty("stage").GetString()} {file.GetProperty("name").GetString()}", file.GetProperty("sha256").GetString()!);
            }
        }

        return hashes;
    }
}
