using System.Diagnostics;
using System.Globalization;

namespace Emu.Local.Tests.Generate;

/// <summary>What ffprobe, which is no part of the product, says of a video.</summary>
internal sealed record Ffprobe(string Codec, string Pixels, int Width, int Height, int Frames, double Seconds)
{
    public static async Task<Ffprobe> ReadAsync(string path)
    {
        string[] arguments = ["-v", "error", "-count_packets", "-show_entries", "stream=codec_name,pix_fmt,width,height,nb_read_packets,r_frame_rate:format=duration", "-of", "default=noprint_wrappers=1", path];
        using var process = Process.Start(new ProcessStartInfo("ffprobe", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var frames = int.Parse(values["nb_read_packets"], CultureInfo.InvariantCulture);
        // Animated PNG has no duration of its own for ffprobe: its frames and their rate say it.
        var rate = values["r_frame_rate"].Split('/').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var seconds = double.TryParse(values["duration"], CultureInfo.InvariantCulture, out var duration) ? duration : frames * rate[1] / rate[0];
        return new(values["codec_name"], values["pix_fmt"], int.Parse(values["width"], CultureInfo.InvariantCulture), int.Parse(values["height"], CultureInfo.InvariantCulture), frames, seconds);
    }
}
