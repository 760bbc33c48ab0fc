using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Emu.Infra.Tests.Bicep;

/// <summary>Compiles <c>infra/main.bicep</c> once, with the real compiler.</summary>
internal static class BicepCompiler
{
    private static readonly string? Program =
        typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "BicepPath")?.Value;

    // Once for all classes of tests.
    private static readonly Lazy<BicepRun> Built = new(() => Run("build", "--stdout"));

    /// <summary>The compiled template; skips the test where there is no compiler.</summary>
    public static JsonElement Template => JsonDocument.Parse(Build().Output).RootElement;

    /// <summary>What compiling printed.</summary>
    public static BicepRun Build()
    {
        Require();
        return Built.Value;
    }

    /// <summary>What the linter printed.</summary>
    public static BicepRun Lint()
    {
        Require();
        return Run("lint");
    }

    /// <summary>The compiled template of a module, from within the main template.</summary>
    public static JsonElement Module(string name) => Template.GetProperty("resources").GetProperty(name).GetProperty("properties").GetProperty("template");

    /// <summary>The resources of a type that a module makes, in the order in which they stand.</summary>
    public static IReadOnlyList<JsonElement> Resources(string module, string type) =>
        [.. All(Module(module).GetProperty("resources")).Where(resource => resource.GetProperty("type").GetString() == type && !resource.TryGetProperty("existing", out _))];

    /// <summary>The container app that a module makes.</summary>
    public static JsonElement App(string module) => Assert.Single(Resources(module, "Microsoft.App/containerApps")).GetProperty("properties");

    // A list, or by symbolic name where the template's language is the newer one.
    private static IEnumerable<JsonElement> All(JsonElement resources) =>
        resources.ValueKind == JsonValueKind.Array ? resources.EnumerateArray() : resources.EnumerateObject().Select(resource => resource.Value);

    private static void Require() =>
        Assert.SkipWhen(Program is null, "the Bicep compiler's package is restored on Linux on x64 only");

    private static BicepRun Run(string command, params string[] options)
    {
        var start = new ProcessStartInfo(Program!.Replace('\\', '/'))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        };
        start.ArgumentList.Add(command);
        start.ArgumentList.Add(RepositoryFiles.PathOf("infra/main.bicep"));
        foreach (var option in options)
        {
            start.ArgumentList.Add(option);
        }

        MakeExecutable(start.FileName);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new BicepRun(process.ExitCode, output, errors.Result);
    }

    // Not every unpacking of a package keeps the mode.
    private static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }
    }
}

/// <summary>One run of the compiler.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error: errors and warnings.</param>
internal sealed record BicepRun(int ExitCode, string Output, string Errors);
