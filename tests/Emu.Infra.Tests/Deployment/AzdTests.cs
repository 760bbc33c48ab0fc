using System.Text.RegularExpressions;
using Emu.Infra.Tests.Bicep;

namespace Emu.Infra.Tests.Deployment;

public sealed partial class AzdTests
{
    [Theory]
    [InlineData("functions")]
    [InlineData("worker")]
    public void Service_OfAzureYaml_HasAnAppAndADockerfile(string service)
    {
        var description = Service(service);
        var project = Project().Match(description).Groups[1].Value;

        Assert.True(File.Exists(RepositoryFiles.PathOf($"{project}/Dockerfile")), $"{project}/Dockerfile is missing");
        Assert.NotEmpty(Directory.GetFiles(RepositoryFiles.PathOf(project), "*.csproj"));
        Assert.Contains($"'azd-service-name', '{service}'", BicepCompiler.Module(service).GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_OfAzureYaml_AreThereAndMayRun()
    {
        var hooks = Hook().Matches(RepositoryFiles.Read("azure.yaml")).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(["infra/hooks/preprovision.sh", "infra/hooks/postdeploy.sh"], hooks);
        Assert.All(hooks, hook => Assert.StartsWith("#!/usr/bin/env sh\n", RepositoryFiles.Read(hook), StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            var modes = hooks.Select(RepositoryFiles.PathOf).Select(File.GetUnixFileMode).ToList();
            Assert.All(modes, mode => Assert.True(mode.HasFlag(UnixFileMode.UserExecute)));
        }
    }

    [Fact]
    public void Variables_OfTheHooks_AreOutputsOfTheTemplate()
    {
        var outputs = BicepCompiler.Template.GetProperty("outputs").EnumerateObject().Select(output => output.Name).ToHashSet();
        var needed = Needed().Matches(RepositoryFiles.Read("infra/hooks/postdeploy.sh")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(needed);
        Assert.Subset(outputs.Append("AZURE_SUBSCRIPTION_ID").ToHashSet(), needed);
    }

    // From the service's line to that of the next one.
    private static string Service(string name)
    {
        var yaml = RepositoryFiles.Read("azure.yaml");
        var start = yaml.IndexOf($"\n  {name}:\n", StringComparison.Ordinal);
        Assert.True(start > 0, $"azure.yaml has no service '{name}'");
        var next = ServiceLine().Match(yaml, start + 3);
        return yaml[start..(next.Success ? next.Index : yaml.Length)];
    }

    [GeneratedRegex(@"project: (\S+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"run: (\S+)")]
    private static partial Regex Hook();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?")]
    private static partial Regex Needed();

    [GeneratedRegex(@"\n  [a-z]+:\n")]
    private static partial Regex ServiceLine();
}
