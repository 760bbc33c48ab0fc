using System.Diagnostics;
using System.Text.Json;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Tests.Support;

/// <summary>The real ffmpeg and ffprobe, to look at what was written without our own code.</summary>
internal static class Ffmpeg
{
    public static void SkipIfMissing() =>
        Assert.SkipWhen(FfmpegInstallation.TryLocate(new FfmpegOptions()) is null, $"ffmpeg is not installed: {FfmpegInstallation.InstallCommand}");

    public static async Task<byte[]> RunAsync(string tool, byte[]? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync();
        var copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        if (input is not null)
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
        }
        process.StandardInput.Close();
        await copy;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output.ToArray();
    }

    public static async Task<JsonElement> ProbeAsync(string path)
    {
        var json = await RunAsync("ffprobe", null, "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path);
        return JsonDocument.Parse(json).RootElement;
    }

    public static async Task<string> StreamAsync(string path, string field)
    {
        var value = (await ProbeAsync(path)).GetProperty("streams")[0].GetProperty(field);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }

    /// <summary>All frames decoded to RGBA by the ffmpeg program.</summary>
    public static Task<byte[]> DecodeAsync(string path, params string[] decoder) =>
        RunAsync("ffmpeg", null, ["-v", "error", .. decoder, "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"]);
}
