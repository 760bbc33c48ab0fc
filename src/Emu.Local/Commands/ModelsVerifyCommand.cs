using System.CommandLine;
using System.Text.Json;
using Emu.Diffusion.ModelPackages;
using Emu.Local.CommandLine;
using Emu.Local.Models;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu models verify DIR</c>: whether every file is the one that the package lists.</summary>
internal sealed class ModelsVerifyCommand : Command
{
    private readonly Argument<string?> _model = new Argument<string?>("dir") { Description = "A package's folder or name. Default: sticker", Arity = ArgumentArity.ZeroOrOne }.RefuseOptions();
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on stdout, and nothing else there" };

    /// <summary>Creates the command.</summary>
    public ModelsVerifyCommand()
        : base("verify", "Checks size and SHA-256 of every file, and that the graphs fit")
    {
        Add(_model);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var package = ModelPackage.Load(ModelLocator.Find(parsed.GetValue(_model)), verify: false, cancellationToken);
        var checks = package.Verify(cancellationToken);
        var intact = checks.All(check => check.State == PackageFileState.Intact);
        if (parsed.GetValue(_json))
        {
            var files = checks.Select(check => new { check.File.Path, check.State, check.Problem });
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { package.Directory, Intact = intact, Files = files }, PipelineJson.Options));
        }
        else
        {
            foreach (var check in checks)
            {
                await Console.Out.WriteLineAsync($"{(check.Problem is null ? "ok" : "WRONG"),-6} {check.File.Path}{(check.Problem is { } problem ? $": {problem}" : string.Empty)}");
            }

            await Console.Out.WriteLineAsync(checks.Count == 0
                ? "The package lists no files, so there is nothing to compare; its graphs fit."
                : intact ? $"All {checks.Count} files are as listed, and the graphs fit." : "The package is damaged.");
        }

        return intact ? ExitCode.Success : ExitCode.Failure;
    }
}
