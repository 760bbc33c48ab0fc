namespace Emu.Diffusion.Graphs;

/// <summary>One axis of a graph's input or output, as its file declares it: a size, a symbol, or neither.</summary>
/// <param name="Size">The size, if fixed.</param>
/// <param name="Symbol">The symbol, if named.</param>
public readonly record struct GraphDimension(long? Size, string? Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
