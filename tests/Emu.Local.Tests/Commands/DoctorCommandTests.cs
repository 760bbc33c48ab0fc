using System.Text.Json;

namespace Emu.Local.Tests.Commands;

public class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_WithoutFfmpeg_FailsAndNamesTheCommandThatInstallsIt()
    {
        using var folder = new TemporaryFolder();
        var dotnet = Path.GetDirectoryName(EmuProcess.Dotnet)!;
        var result = await EmuProcess.RunAsync(folder.Path, new Dictionary<string, string?> { ["PATH"] = folder.Path, ["DOTNET_ROOT"] = dotnet }, "doctor");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("missing  ffmpeg", result.Output);
        Assert.Contains("→ ", result.Output);
        Assert.Contains("install", result.Output);
    }

    [Fact]
    public async Task Doctor_AsJson_PrintsOneObjectWithEveryFinding()
    {
        using var folder = new TemporaryFolder();
        var result = await EmuProcess.RunAsync(folder.Path, "doctor", "--json");
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(result.ExitCode == 0, report.GetProperty("healthy").GetBoolean());
        var names = report.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()).ToArray();
        Assert.All(["ffmpeg", "device", "model"], name => Assert.Contains(name, names));
    }
}
