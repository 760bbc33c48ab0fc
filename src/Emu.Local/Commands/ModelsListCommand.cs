using System.CommandLine;
using System.Text.Json;
using Emu.Diffusion.ModelPackages;
using Emu.Local.CommandLine;
using Emu.Local.Models;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu models list</c>: the packages that are found by name.</summary>
internal sealed class ModelsListCommand : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON array on stdout, and nothing else there" };

    /// <summary>Creates the command.</summary>
    public ModelsListCommand()
        : base("list", $"Lists the packages that --model finds by name (in models/, and in the folders that {ModelLocator.PathVariable} names)")
    {
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var listed = ModelLocator.List().Select(folder => Describe(folder, cancellationToken)).ToArray();
        if (parsed.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(listed, PipelineJson.Options));
            return ExitCode.Success;
        }

        foreach (var package in listed)
        {
            await Console.Out.WriteLineAsync($"{package.Name,-16} {package.Problem ?? $"version {package.Version}, {string.Join(", ", package.Makes ?? [])}"}  {package.Directory}");
        }

        return ExitCode.Success;
    }

    private static Listed Describe(string folder, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(folder);
        try
        {
            var model = ModelPackage.Load(folder, verify: false, cancellationToken).Description;
            return new(name, folder, model.Version, ModelFacts.Makes(model), null);
        }
        catch (ModelPackageException exception)
        {
            return new(name, folder, null, null, $"cannot be used: {exception.Message}");
        }
    }

    private sealed record Listed(string Name, string Directory, string? Version, IReadOnlyList<string>? Makes, string? Problem);
}
