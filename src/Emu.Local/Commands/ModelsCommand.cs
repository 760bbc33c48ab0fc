using System.CommandLine;
using System.Text.Json;
using Emu.Diffusion.ModelPackages;
using Emu.Editing.Masks;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Models;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu models</c>: model packages, as a group of commands.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand()
        : base("models", "Lists, inspects, verifies and adds models")
    {
        Add(new ModelsListCommand());
        Add(new ModelsInspectCommand());
        Add(new ModelsVerifyCommand());
        Add(new ModelsAddCommand());
    }
}

/// <summary><c>emu models list</c>: the packages that are found by name.</summary>
internal sealed class ModelsListCommand : Command
{
    private readonly Option<bool> _json = CommandOptions.Json("Print one JSON array on stdout, and nothing else there");

    public ModelsListCommand()
        : base("list", $"Lists the packages that --model finds by name (in ~/.emu/models, in models/ beside the program, and in the folders that {ModelFolders.PathVariable} names)")
    {
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var mask = PhotoMaskModel.Find(ModelLocator.Folders);
        Listed[] listed = [.. ModelLocator.List().Select(folder => Describe(folder, cancellationToken)), .. mask.IsPresent ? [new Listed(PhotoMaskModel.Name, mask.Folder, PhotoMaskSource.Default.Version, ["masks of subjects (ISNet, MIT)"], null)] : Array.Empty<Listed>()];
        if (parsed.GetValue(_json))
        {
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(listed, PipelineJson.Options));
            return ExitCode.Success;
        }

        foreach (var package in listed)
        {
            await parsed.Output().WriteLineAsync($"{package.Name,-16} {package.Problem ?? $"version {package.Version}, {string.Join(", ", package.Makes ?? [])}"}  {package.Directory}");
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

/// <summary><c>emu models inspect DIR</c>: what a package is, can do, and is made of.</summary>
internal sealed class ModelsInspectCommand : Command
{
    private readonly Argument<string?> _model = new("dir") { Description = "A package's folder or name. Default: sticker", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _json = CommandOptions.Json();

    public ModelsInspectCommand()
        : base("inspect", "Shows what a package is, what it can do, and its graphs")
    {
        Add(_model);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var package = ModelPackage.Load(ModelLocator.Find(parsed.GetValue(_model)), verify: false, cancellationToken);
        if (parsed.GetValue(_json))
        {
            var facts = new
            {
                package.Directory,
                package.Fingerprint,
                Model = package.Description,
                NoiseScheduler = package.NoiseScheduler.ClassName,
                Graphs = package.Graphs.Values.Select(graph => new
                {
                    graph.Name,
                    graph.FileBytes,
                    HasInt8Variant = graph.Int8Variant is not null,
                    Inputs = graph.Inputs.Select(value => value.ToString()),
                    Outputs = graph.Outputs.Select(value => value.ToString()),
                }),
            };
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(facts, PipelineJson.Options));
            return ExitCode.Success;
        }

        foreach (var (name, value) in ModelFacts.Describe(package))
        {
            await parsed.Output().WriteLineAsync($"{name,-16} {value}");
        }

        return ExitCode.Success;
    }
}

/// <summary><c>emu models verify DIR</c>: whether every file is the one that the package lists.</summary>
internal sealed class ModelsVerifyCommand : Command
{
    private readonly Argument<string?> _model = new("dir") { Description = "A package's folder or name. Default: sticker", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _json = CommandOptions.Json();

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
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(new { package.Directory, Intact = intact, Files = files }, PipelineJson.Options));
        }
        else
        {
            foreach (var check in checks)
            {
                await parsed.Output().WriteLineAsync($"{(check.Problem is null ? "ok" : "WRONG"),-6} {check.File.Path}{(check.Problem is { } problem ? $": {problem}" : string.Empty)}");
            }

            await parsed.Output().WriteLineAsync(checks.Count == 0
                ? "The package lists no files, so there is nothing to compare; its graphs fit."
                : intact ? $"All {checks.Count} files are as listed, and the graphs fit." : "The package is damaged.");
        }

        return intact ? ExitCode.Success : ExitCode.Failure;
    }
}
