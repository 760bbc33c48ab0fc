using Emu.Media.Tests.Support;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Tests.Video;

public sealed class FfmpegInstallationTests
{
    [Theory]
    [InlineData("apt-get install -y ffmpeg", "debian")]
    [InlineData("apt-get install -y ffmpeg", "linuxmint", "ubuntu", "debian")]
    [InlineData("dnf install ffmpeg (with RPM Fusion enabled)", "rocky", "rhel", "centos", "fedora")]
    [InlineData("pacman -S ffmpeg", "manjaro", "arch")]
    [InlineData("apk add ffmpeg", "alpine")]
    [InlineData("zypper install ffmpeg", "opensuse-leap", "suse", "opensuse")]
    [InlineData("apt-get install -y ffmpeg")]
    public void LinuxCommand_ByDistribution_IsItsOwn(string expected, params string[] names) => Assert.Equal(expected, FfmpegInstallation.LinuxCommand(names));

    [Fact]
    public void Locate_FileThatCannotBeRun_IsNotFfmpeg()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no executable bit.");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("ffmpeg"), "#!/bin/sh");

        Assert.Null(FfmpegInstallation.TryLocate(new FfmpegOptions { BinaryFolder = folder.Path }));
        var exception = Assert.Throws<FfmpegMissingException>(() => FfmpegInstallation.Locate(new FfmpegOptions { BinaryFolder = folder.Path }));
        Assert.Equal(folder.Path, exception.LookedIn);
    }
}
