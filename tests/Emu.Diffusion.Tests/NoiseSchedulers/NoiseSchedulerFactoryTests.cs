using Emu.Diffusion.NoiseSchedulers;

namespace Emu.Diffusion.Tests.NoiseSchedulers;

public sealed class NoiseSchedulerFactoryTests
{
    [Theory]
    [InlineData("ddim", typeof(DdimNoiseScheduler))]
    [InlineData("DDIM", typeof(DdimNoiseScheduler))]
    [InlineData("DDIMScheduler", typeof(DdimNoiseScheduler))]
    public void Create_NameOfAnotherClass_BuildsItFromSameConfiguration(string name, Type expected)
    {
        var configuration = new NoiseSchedulerConfiguration { ClassName = "PNDMScheduler", SkipPrkSteps = true };

        Assert.IsType(expected, NoiseSchedulerFactory.Create(configuration, 10, name));
    }

    [Fact]
    public void Create_UnknownName_ListsAcceptedOnes()
    {
        var error = Assert.Throws<NoiseSchedulerConfigurationException>(
            () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), 10, "heun"));

        Assert.Contains("'heun'", error.Message, StringComparison.Ordinal);
        Assert.All(NoiseSchedulerFactory.Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NoNameAtAll_Throws() => Assert.Throws<NoiseSchedulerConfigurationException>(
        () => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), 10));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Create_StepsBeyondTraining_Throws(int steps) => Assert.All(
        NoiseSchedulerFactory.Names,
        name => Assert.Throws<ArgumentOutOfRangeException>(() => NoiseSchedulerFactory.Create(new NoiseSchedulerConfiguration(), steps, name)));
}
