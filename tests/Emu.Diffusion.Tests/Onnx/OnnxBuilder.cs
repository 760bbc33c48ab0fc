using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Onnx;

/// <summary>Writes small ONNX graphs as public exporters would: any names, element types, axes and places of weights (field numbers: onnx.proto3).</summary>
internal sealed class OnnxBuilder
{
    private readonly ProtobufMessage _graph = new();
    private readonly List<byte> _external = [];

    public OnnxBuilder() => _graph.Text(2, "graph");

    /// <summary>Whether weights go into <c>model.onnx_data</c> beside the graph.</summary>
    public bool ExternalData { get; init; }

    /// <summary>An axis is a number, a symbol, or null.</summary>
    public OnnxBuilder Input(string name, TensorElementType type, params object?[] axes) => Value(11, name, type, axes);

    public OnnxBuilder Output(string name, TensorElementType type, params object?[] axes) => Value(12, name, type, axes);

    public OnnxBuilder Node(string operation, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        ProtobufMessage node = new();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, operation);
        foreach (var (name, value) in attributes)
        {
            node.Child(5, Attribute(name, value));
        }

        _graph.Child(1, node);
        return this;
    }

    public OnnxBuilder Constant(string name, TensorElementType type, int[] shape, params float[] values)
    {
        var bytes = type switch
        {
            TensorElementType.Float16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray(),
            TensorElementType.Int64 => MemoryMarshal.AsBytes<long>(Array.ConvertAll(values, value => (long)value)).ToArray(),
            _ => MemoryMarshal.AsBytes<float>(values).ToArray(),
        };
        ProtobufMessage tensor = new();
        foreach (var size in shape)
        {
            tensor.Number(1, size);
        }

        tensor.Number(2, (int)type).Text(8, name);

        // Exporters keep the small tensors that shapes depend on inside the graph, as ONNX Runtime demands.
        if (ExternalData && type != TensorElementType.Int64)
        {
            tensor.Child(13, Entry("location", "model.onnx_data"))
                .Child(13, Entry("offset", $"{_external.Count}"))
                .Child(13, Entry("length", $"{bytes.Length}"))
                .Number(14, 1);
            _external.AddRange(bytes);
        }
        else
        {
            tensor.Bytes(9, bytes);
        }

        _graph.Child(5, tensor);
        return this;
    }

    /// <summary>Writes <c>model.onnx</c> (and <c>model.onnx_data</c>) into a folder and returns its path.</summary>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "model.onnx");
        var model = new ProtobufMessage().Number(1, 8).Text(2, "tests").Child(7, _graph).Child(8, new ProtobufMessage().Text(1, "").Number(2, 17));
        File.WriteAllBytes(path, model.ToArray());
        if (ExternalData)
        {
            File.WriteAllBytes(path + "_data", _external.ToArray());
        }

        return path;
    }

    private static ProtobufMessage Entry(string key, string value) => new ProtobufMessage().Text(1, key).Text(2, value);

    // Attribute types: 1 float, 2 int, 3 string, 7 ints.
    private static ProtobufMessage Attribute(string name, object value)
    {
        var attribute = new ProtobufMessage().Text(1, name);
        switch (value)
        {
            case int number:
                return attribute.Number(3, number).Number(20, 2);
            case string text:
                return attribute.Text(4, text).Number(20, 3);
            case int[] numbers:
                foreach (var number in numbers)
                {
                    attribute.Number(8, number);
                }

                return attribute.Number(20, 7);
            default:
                return attribute.Float(2, (float)value).Number(20, 1);
        }
    }

    private OnnxBuilder Value(int field, string name, TensorElementType type, object?[] axes)
    {
        ProtobufMessage shape = new();
        foreach (var axis in axes)
        {
            ProtobufMessage dimension = new();
            _ = axis switch
            {
                int size => dimension.Number(1, size),
                string symbol => dimension.Text(2, symbol),
                _ => dimension,
            };
            shape.Child(1, dimension);
        }

        var tensor = new ProtobufMessage().Number(1, (int)type).Child(2, shape);
        _graph.Child(field, new ProtobufMessage().Text(1, name).Child(2, new ProtobufMessage().Child(1, tensor)));
        return this;
    }
}
