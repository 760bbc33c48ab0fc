using System.CommandLine;
using System.Text.Json;
using Emu.Diffusion.ModelPackages;
using Emu.Local.CommandLine;
using Emu.Local.Models;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu models inspect DIR</c>: what a package is, can do, and is made of.</summary>
internal sealed class ModelsInspectCommand : Command
{
    private readonly Argument<string?> _model = new Argument<string?>("dir") { Description = "A package's folder or name. Default: sticker", Arity = ArgumentArity.ZeroOrOne }.RefuseOptions();
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on stdout, and nothing else there" };

    /// <summary>Creates the command.</summary>
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
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(facts, PipelineJson.Options));
            return ExitCode.Success;
        }

        foreach (var (name, value) in ModelFacts.Describe(package))
        {
            await Console.Out.WriteLineAsync($"{name,-16} {value}");
        }

        return ExitCode.Success;
    }
}
