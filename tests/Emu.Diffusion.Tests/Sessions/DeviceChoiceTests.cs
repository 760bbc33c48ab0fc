using Emu.Diffusion.Sessions;

namespace Emu.Diffusion.Tests.Sessions;

public class DeviceChoiceTests
{
    [Theory]
    [InlineData("auto", DeviceKind.Auto, 0, "auto")]
    [InlineData("CPU", DeviceKind.Cpu, 0, "cpu")]
    [InlineData("cuda", DeviceKind.Cuda, 0, "cuda:0")]
    [InlineData("cuda:3", DeviceKind.Cuda, 3, "cuda:3")]
    public void Parse_Device_IsUnderstood(string text, DeviceKind kind, int index, string shown)
    {
        var device = DeviceChoice.Parse(text);

        Assert.Equal(new DeviceChoice(kind, index), device);
        Assert.Equal(shown, device.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cpu:0")]
    public void Parse_NoDevice_SaysWhatIsAccepted(string text)
        => Assert.Contains("cuda:n", Assert.Throws<FormatException>(() => DeviceChoice.Parse(text)).Message, StringComparison.Ordinal);
}
