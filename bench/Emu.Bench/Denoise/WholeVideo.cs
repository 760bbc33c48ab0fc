using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Emu.Diffusion.Sessions;
using Emu.Local.Models;

namespace Emu.Bench.Denoise;

/// <summary>A whole video by the command line, in a process of its own as users run it: wall time, seconds by stage, peak memory.</summary>
internal sealed record WholeVideo(double Seconds, IReadOnlyDictionary<string, double> Stages, long PeakBytes)
{
    // Looking costs what is measured.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes a video with the defaults of a package.</summary>
    /// <exception cref="InvalidOperationException">The command failed; the message holds what it said.</exception>
    public static async Task<WholeVideo> MeasureAsync(string model, string device, ComputePrecision precision, string prompt, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        var program = Path.ChangeExtension(typeof(ModelLocator).Assembly.Location, ".dll");
        string[] arguments = [program, "generate", prompt, "--seed", "7", "--model", model, "--device", device, "--precision", precision.ToString(), "--out", Path.Combine(folder.Path, "video.mp4"), "--json"];
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var exit = process.WaitForExitAsync(cancellationToken);
        long peak = 0;
        while (await Task.WhenAny(exit, Task.Delay(LookInterval, cancellationToken)) != exit)
        {
            peak = Math.Max(peak, ResidentBytes(process.Id));
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"emu generate failed: {await errors}");
        }

        var stages = JsonDocument.Parse(await output).RootElement.GetProperty("seconds").Deserialize<Dictionary<string, double>>()!;
        return new(seconds, stages, peak);
    }

    /// <summary>What the process and its children (ffmpeg) hold in memory; on Linux only, 0 elsewhere.</summary>
    private static long ResidentBytes(int id)
    {
        long sum = 0;
        foreach (var folder in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            try
            {
                var lines = File.ReadAllLines(Path.Combine(folder, "status"));
                if (process == id || Field(lines, "PPid:") == id)
                {
                    sum += Field(lines, "VmRSS:") * 1024;
                }
            }
            catch (IOException)
            {
                // The process has just ended.
            }
        }

        return sum;
    }

    private static long Field(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            : 0;
}
