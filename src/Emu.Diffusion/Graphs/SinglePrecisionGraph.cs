using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Emu.Diffusion.ModelPackages;

namespace Emu.Diffusion.Graphs;

/// <summary>
/// Writes an ONNX graph of half precision (float16) as one of single precision that gives one output only. ONNX Runtime has no
/// float16 kernels for most CPUs: it converts every tensor there and back around each operator, and fuses none.
/// Field numbers: onnx.proto3.
/// </summary>
public sealed class SinglePrecisionGraph
{
    private const ulong Half = 10;
    private const ulong Single = 1;

    private const int BlockBytes = 1 << 16;

    private readonly FileStream _source;
    private readonly ProtobufOutput _destination;
    private readonly ProtobufCursor _cursor;
    private readonly string _output;
    private readonly HashSet<long> _unused = [];
    private readonly CancellationToken _cancellationToken;

    private SinglePrecisionGraph(FileStream source, ProtobufOutput destination, string output, CancellationToken cancellationToken)
    {
        (_source, _destination, _output, _cancellationToken) = (source, destination, output, cancellationToken);
        _cursor = new ProtobufCursor(source);
    }

    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        Value,
        Type,
        TensorType,
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="path">The graph, with its weights in the same file as raw data.</param>
    /// <param name="destination">The file to write; one that is there is replaced.</param>
    /// <param name="output">The output to keep. Operators that only others need are left out.</param>
    /// <param name="cancellationToken">Stops; the file is then of no use.</param>
    /// <exception cref="ModelPackageException">The file is no graph, or it keeps half-precision weights in another way.</exception>
    public static void Write(string path, string destination, string output, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        try
        {
            using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes);
            using FileStream target = new(destination, FileMode.Create, FileAccess.Write, FileShare.None, BlockBytes);
            SinglePrecisionGraph graph = new(source, new ProtobufOutput(target), output, cancellationToken);
            graph.FindUnused();
            source.Position = 0;
            graph.Copy(Message.Model, source.Length);
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            throw new ModelPackageException(path, $"it cannot be written in single precision ({exception.Message}).", exception);
        }
    }

    /// <summary>Looks for the operators that the output does not depend on.</summary>
    private void FindUnused()
    {
        List<(long Start, List<string> Inputs, List<string> Outputs)> nodes = [];
        while (_cursor.Next(_source.Length, out var field, out var wireType))
        {
            if ((field, wireType) != (7, 2))
            {
                _cursor.Skip(wireType);
                continue;
            }

            for (var end = _cursor.ReadMessageEnd(); _cursor.Next(end, out field, out wireType);)
            {
                if (field == 1)
                {
                    var nodeEnd = _cursor.ReadMessageEnd();
                    nodes.Add((_source.Position, [], []));
                    while (_cursor.Next(nodeEnd, out var part, out var partType))
                    {
                        if (part is 1 or 2)
                        {
                            (part == 1 ? nodes[^1].Inputs : nodes[^1].Outputs).Add(_cursor.ReadString());
                        }
                        else
                        {
                            _cursor.Skip(partType);
                        }
                    }
                }
                else
                {
                    _cursor.Skip(wireType);
                }
            }
        }

        // They may be listed in any order.
        var makers = nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).ToLookup(pair => pair.output, pair => pair.node);
        _unused.UnionWith(nodes.Select(node => node.Start));
        Stack<string> needed = new([_output]);
        while (needed.TryPop(out var value))
        {
            foreach (var (_, inputs, _) in makers[value].Where(node => _unused.Remove(node.Start)))
            {
                inputs.ForEach(needed.Push);
            }
        }
    }

    private void Copy(Message message, long end)
    {
        var (name, elementType) = ("", 0UL);
        while (_cursor.Next(end, out var field, out var wireType))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var start = _source.Position;
            switch (message, field, wireType)
            {
                // The operator's name, the attribute's, that of an output: each stands before what depends on it.
                case (Message.Node, 4, 2) or (Message.Attribute, 1, 2) or (Message.Value, 1, 2):
                    name = _cursor.ReadString();
                    CopyField(field, wireType, start);
                    break;
                case (Message.Graph, 13, 2):
                    // What tensors between operators are: ONNX Runtime infers it.
                    _cursor.Skip(wireType);
                    break;
                case (Message.Graph, 1, 2) or (Message.Graph, 12, 2) when IsUnused(field):
                    _cursor.Skip(wireType);
                    break;
                case (Message.Tensor or Message.TensorType or Message.Attribute, _, 0) when IsElementType(message, field, name):
                    elementType = _cursor.ReadVarint();
                    _destination.WriteKey(field, wireType);
                    _destination.WriteVarint(elementType == Half ? Single : elementType);
                    break;
                case (Message.Tensor, 9, 2) when elementType == Half:
                    CopyHalves(_cursor.ReadMessageEnd());
                    break;
                case (Message.Tensor, 5 or 13, _) when elementType == Half:
                    throw new InvalidDataException("its weights are not raw data in the same file");
                default:
                    if (Inner(message, field) is { } inner && wireType == 2)
                    {
                        CopyMessage(inner, field, _cursor.ReadMessageEnd());
                    }
                    else
                    {
                        _cursor.Skip(wireType);
                        CopyField(field, wireType, start);
                    }

                    break;
            }
        }
    }

    private static Message? Inner(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) or (Message.Attribute, 5) => Message.Tensor,
        (Message.Graph, 11 or 12) => Message.Value,
        (Message.Node, 5) => Message.Attribute,
        (Message.Value, 2) => Message.Type,
        (Message.Type, 1) => Message.TensorType,
        _ => null,
    };

    /// <summary>Of a tensor, of an input or output, and what Cast makes: the only attribute of ISNet and its like that names a type.</summary>
    private static bool IsElementType(Message message, int field, string name) => (message, field) switch
    {
        (Message.Tensor, 2) or (Message.TensorType, 1) => true,
        (Message.Attribute, 3) => name == "to",
        _ => false,
    };

    private bool IsUnused(int field)
    {
        var start = _source.Position;
        var end = _cursor.ReadMessageEnd();
        var unused = field == 1 && _unused.Contains(_source.Position);
        while (field == 12 && _cursor.Next(end, out var part, out var wireType))
        {
            if (part == 1)
            {
                unused = _cursor.ReadString() != _output;
                break;
            }

            _cursor.Skip(wireType);
        }

        _source.Position = start;
        return unused;
    }

    private void CopyMessage(Message message, int field, long end)
    {
        _destination.WriteKey(field, 2);
        var place = _destination.BeginMessage();
        Copy(message, end);
        _destination.EndMessage(place);
    }

    private void CopyHalves(long end)
    {
        var length = end - _source.Position;
        _destination.WriteKey(9, 2);
        _destination.WriteVarint((ulong)(2 * length));
        var halves = ArrayPool<byte>.Shared.Rent(BlockBytes);
        var singles = ArrayPool<float>.Shared.Rent(BlockBytes / 2);
        for (; length > 0; length = end - _source.Position)
        {
            var block = halves.AsSpan(0, (int)Math.Min(BlockBytes, length));
            _source.ReadExactly(block);
            var converted = singles.AsSpan(0, block.Length / 2);
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(block), converted);
            _destination.Write(MemoryMarshal.AsBytes(converted));
        }

        ArrayPool<byte>.Shared.Return(halves);
        ArrayPool<float>.Shared.Return(singles);
    }

    /// <summary>Copies what lies between a place and the present one, with its key.</summary>
    private void CopyField(int field, int wireType, long start)
    {
        var length = (int)(_source.Position - start);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        _source.Position = start;
        _source.ReadExactly(bytes, 0, length);
        _destination.WriteKey(field, wireType);
        _destination.Write(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
