using System.Diagnostics;
using System.Runtime.CompilerServices;
using Emu.Pipeline.Tests.Artifacts;

namespace Emu.Pipeline.Tests.Orchestrations;

/// <summary>Builds a small project under the pipeline's own rules, with an orchestration that breaks them.</summary>
public sealed class BannedSymbolsTests : IDisposable
{
    private const string Body = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Sample;

        public static class NAME
        {
            public static async Task RunAsync()
            {
                _ = DateTime.UtcNow;
                _ = DateTimeOffset.Now;
                _ = Guid.NewGuid();
                _ = Random.Shared.Next();
                _ = Environment.MachineName;
                _ = System.IO.File.Exists("x");
                await Task.Run(() => { });
                await Task.Delay(1);
                await Task.CompletedTask.ConfigureAwait(false);
            }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_OrchestrationThatBreaksReplay_FailsAtEveryLine()
    {
        var pipeline = Path.Combine(RepositoryRoot(), "src", "Emu.Pipeline");
        Assert.SkipUnless(Directory.Exists(pipeline), "The sources are not beside the tests.");
        Copy(Path.Combine(pipeline, "BannedSymbols.txt"), "BannedSymbols.txt");
        Copy(Path.Combine(pipeline, ".editorconfig"), ".editorconfig");
        Copy(Path.Combine(RepositoryRoot(), "Directory.Packages.props"), "Directory.Packages.props");
        Write("Orchestrations/Breaks.cs", Body.Replace("NAME", "Breaks", StringComparison.Ordinal));
        Write("Stages/Free.cs", Body.Replace("NAME", "Free", StringComparison.Ordinal));
        Write("Sample.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" PrivateAssets="all" />
                <AdditionalFiles Include="BannedSymbols.txt" />
              </ItemGroup>
            </Project>
            """);

        var (code, output) = await BuildAsync();

        var found = output.Split('\n').Where(line => line.Contains("error RS0030", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Trim()).Distinct().ToList();
        Assert.True(code != 0, output);
        Assert.All(found, line => Assert.Contains("Breaks.cs", line, StringComparison.Ordinal));
        Assert.Equal(9, found.Select(line => line[line.IndexOf('(', StringComparison.Ordinal)..line.IndexOf(',', StringComparison.Ordinal)]).Distinct().Count());
    }

    private static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    private void Copy(string from, string name) => File.Copy(from, Path.Combine(_folder.Path, name));

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private async Task<(int Code, string Output)> BuildAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["build", "--nologo", "-v", "q", "--disable-build-servers"]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
