using System.Text.Json;

namespace Emu.Infra.Tests.Bicep;

public sealed class CompileTests
{
    [Fact]
    public void Build_Main_GivesNoErrorAndNoWarning()
    {
        var run = BicepCompiler.Build();

        Assert.Equal((0, string.Empty), (run.ExitCode, run.Errors.Trim()));
    }

    [Fact]
    public void Lint_Main_GivesNoErrorAndNoWarning()
    {
        var run = BicepCompiler.Lint();

        Assert.Equal((0, string.Empty), (run.ExitCode, (run.Output + run.Errors).Trim()));
    }

    [Fact]
    public void Parameters_OfMain_AreThoseOfTheParametersFileOrHaveDefaults()
    {
        var parameters = BicepCompiler.Template.GetProperty("parameters").EnumerateObject().ToList();
        using var file = JsonDocument.Parse(RepositoryFiles.Read("infra/main.parameters.json"));
        var given = file.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name).ToHashSet();

        Assert.Subset(parameters.Select(parameter => parameter.Name).ToHashSet(), given);
        Assert.All(parameters.Where(parameter => !parameter.Value.TryGetProperty("defaultValue", out _)), parameter => Assert.Contains(parameter.Name, given));
    }

    [Theory]
    [InlineData("secretsKey")]
    [InlineData("apiKey")]
    public void Parameter_ThatIsSecret_IsDeclaredSecure(string name) =>
        Assert.Equal("securestring", BicepCompiler.Template.GetProperty("parameters").GetProperty(name).GetProperty("type").GetString(), ignoreCase: true);
}
