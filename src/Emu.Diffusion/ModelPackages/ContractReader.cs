using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.ModelPackages;

/// <summary>Finds a graph's inputs and outputs under the names that exporters give them, and refuses what nobody would feed.</summary>
internal sealed class ContractReader(ModelGraph graph)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public GraphValue Input(string role, params ReadOnlySpan<string> names) => OptionalInput(names)
        ?? throw new ModelPackageException(graph.Path, $"the graph has no input for {role}; one of {string.Join(", ", names)} was expected, but it has {Describe(graph.Inputs)}.");

    public GraphValue? OptionalInput(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (graph.FindInput(name) is { } input)
            {
                _taken.Add(name);
                return input;
            }
        }

        return null;
    }

    public GraphValue Output(string role, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (graph.FindOutput(name) is { } output)
            {
                return output;
            }
        }

        return graph.Outputs is [{ } only]
            ? only
            : throw new ModelPackageException(graph.Path, $"the graph has no output for {role}; one of {string.Join(", ", names)} was expected, but it has {Describe(graph.Outputs)}.");
    }

    /// <summary>Refuses inputs that no role was found for: without a value the graph could not run.</summary>
    public void RequireNoOthers()
    {
        foreach (var input in graph.Inputs.Where(input => !_taken.Contains(input.Name)))
        {
            throw new ModelPackageException(graph.Path, $"the graph wants an input {input} that is not known here.");
        }
    }

    public void RequireRank(GraphValue value, int rank, string shape)
    {
        if (value.Rank is { } actual && actual != rank)
        {
            throw new ModelPackageException(graph.Path, $"{value} has {actual} axes; {shape} was expected.");
        }
    }

    public void RequireSize(GraphValue value, int axis, int size, string meaning)
    {
        if (value.FixedSize(axis) is { } actual && actual != size)
        {
            throw new ModelPackageException(graph.Path, $"{value} has {actual} on axis {axis}, but {size} was expected: {meaning}.");
        }
    }

    private static string Describe(IReadOnlyList<GraphValue> values) => values.Count == 0 ? "none" : string.Join(", ", values);
}
