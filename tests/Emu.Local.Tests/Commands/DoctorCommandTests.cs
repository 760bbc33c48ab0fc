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

    [Theory]
    [InlineData("4.4.2-0ubuntu0.22.04.1", true)]
    [InlineData("n5.0.1", true)]
    [InlineData("5.1.6-0+deb12u1", false)]
    [InlineData("n7.1", false)]
    [InlineData("N-109542-g2d5b2f1", false)]
    public async Task Doctor_FfmpegOfSomeVersion_SaysWhetherItIsTooOld(string version, bool tooOld)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The stand-in for ffmpeg is a shell script.");
            return;
        }

        using var folder = new TemporaryFolder();
        var program = Path.Combine(folder.Path, "ffmpeg");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho 'ffmpeg version {version} Copyright (c) the FFmpeg developers'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var paths = string.Join(Path.PathSeparator, folder.Path, Path.GetDirectoryName(EmuProcess.Dotnet)!, Environment.GetEnvironmentVariable("PATH"));
        var result = await EmuProcess.RunAsync(folder.Path, new Dictionary<string, string?> { ["PATH"] = paths }, "doctor");
        Assert.Equal(tooOld, result.Output.Contains($"{version} ({program}) is too old; 5.1 or later is needed", StringComparison.Ordinal));
        Assert.Contains(version, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_AsJson_PrintsOneObjectWithEveryFinding()
    {
        var result = await EmuCommand.RunAsync("doctor", "--json");
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(result.ExitCode == 0, report.GetProperty("healthy").GetBoolean());
        var names = report.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()).ToArray();
        Assert.All(["ffmpeg", "device", "model"], name => Assert.Contains(name, names));
    }
}
