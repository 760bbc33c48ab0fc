using System.Text.RegularExpressions;

namespace Emu.Infra.Tests.Deployment;

/// <summary>What can be told of a Dockerfile without building its image.</summary>
public sealed partial class DockerfileTests
{
    [Theory]
    [InlineData("functions", "emu-functions")]
    [InlineData("worker", "emu-worker")]
    public void Dockerfile_OfAService_CopiesAndPublishesWhatIsThere(string service, string program)
    {
        var project = service == "functions" ? "Emu.Functions" : "Emu.Worker";
        var dockerfile = RepositoryFiles.Read($"src/{project}/Dockerfile");
        var ignored = RepositoryFiles.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var copied = Copied().Matches(dockerfile).SelectMany(match => match.Groups[1].Value.Split(' ')).ToList();
        Assert.Contains("src", copied);
        Assert.All(copied, path => Assert.True(Path.Exists(RepositoryFiles.PathOf(path)), $"{path} is not there"));
        Assert.All(copied, path => Assert.DoesNotContain(path, ignored));
        Assert.All(Published().Matches(dockerfile), match => Assert.True(File.Exists(RepositoryFiles.PathOf(match.Groups[1].Value)), match.Value));

        // What the build of every project reads.
        Assert.Superset(Directory.GetFiles(RepositoryFiles.Root, "Directory.*").Select(file => Path.GetFileName(file)).ToHashSet(), copied.ToHashSet());
        Assert.Contains($"<AssemblyName>{program}</AssemblyName>", RepositoryFiles.Read($"src/{project}/{project}.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dockerfile_OfTheWorker_StartsThePublishedProgram() =>
        Assert.Contains("ENTRYPOINT [\"/usr/share/dotnet/dotnet\", \"/app/emu-worker.dll\"]", RepositoryFiles.Read("src/Emu.Worker/Dockerfile"), StringComparison.Ordinal);

    [Fact]
    public void Arguments_OfTheFunctionsImage_AreThoseThatAzdGives()
    {
        var given = Argument().Matches(RepositoryFiles.Read("azure.yaml")).Select(match => match.Groups[1].Value);
        var known = Declared().Matches(RepositoryFiles.Read("src/Emu.Functions/Dockerfile")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Equal(["DURABLE_TASK_SCHEDULER", "MODEL_STAGES", "GPU"], given);
        Assert.All(given, name => Assert.Contains(name, known));
    }

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Published();

    [GeneratedRegex(@"- ([A-Z_]+)=\$\{")]
    private static partial Regex Argument();

    [GeneratedRegex(@"^ARG ([A-Z_]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
