using System.Globalization;
using Emu.Diffusion.ModelPackages;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Graphs;

/// <summary>Reads inputs, outputs and external weight files from an ONNX file. Field numbers: onnx.proto3.</summary>
internal sealed class OnnxGraphReader
{
    private const int ModelGraphField = 7;
    private const int OperatorSetField = 8;

    private readonly ProtobufCursor _cursor;
    private readonly List<GraphValue> _inputs = [];
    private readonly List<GraphValue> _outputs = [];
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _externalEnds = new(StringComparer.Ordinal);

    private OnnxGraphReader(ProtobufCursor cursor) => _cursor = cursor;

    public static ModelGraph Read(string path, string name)
    {
        if (!File.Exists(path))
        {
            throw new ModelPackageException(path, "the graph is missing; an ONNX file was expected here.");
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 14);
            OnnxGraphReader reader = new(new ProtobufCursor(stream));
            reader.ReadModel(stream.Length, path);
            var externalFiles = reader.RequireExternalFiles(path);
            return new ModelGraph(
                name,
                Path.GetFullPath(path),
                [.. reader._inputs.Where(input => !reader._initializers.Contains(input.Name))],
                reader._outputs,
                externalFiles,
                stream.Length + externalFiles.Sum(file => new FileInfo(file).Length));
        }
        catch (EndOfStreamException exception)
        {
            throw new ModelPackageException(path, $"the graph is truncated: it ends at byte {new FileInfo(path).Length} within a message. Fetch the file again.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelPackageException(path, $"this is no ONNX graph ({exception.Message}).", exception);
        }
    }

    private void ReadModel(long end, string path)
    {
        var hasGraph = false;
        var hasOperators = false;
        while (_cursor.Next(end, out var field, out var wireType))
        {
            if (field == ModelGraphField && wireType == 2)
            {
                ReadGraph(_cursor.ReadMessageEnd());
                hasGraph = true;
            }
            else
            {
                hasOperators |= field == OperatorSetField;
                _cursor.Skip(wireType);
            }
        }

        // Exporters write the operator sets after the graph, so a file cut between the two lacks them.
        if (!hasGraph || !hasOperators || _outputs.Count == 0)
        {
            throw new ModelPackageException(path, end == 0 ? "the file is empty; an ONNX graph was expected." : "the file holds no whole graph with outputs and operator sets; it is truncated or no ONNX graph.");
        }
    }

    private void ReadGraph(long end)
    {
        while (_cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (5, 2):
                    ReadInitializer(_cursor.ReadMessageEnd());
                    break;
                case (11, 2):
                    _inputs.Add(ReadValue(_cursor.ReadMessageEnd()));
                    break;
                case (12, 2):
                    _outputs.Add(ReadValue(_cursor.ReadMessageEnd()));
                    break;
                default:
                    _cursor.Skip(wireType);
                    break;
            }
        }
    }

    private void ReadInitializer(long end)
    {
        Dictionary<string, string> external = [];
        while (_cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (8, 2):
                    _initializers.Add(_cursor.ReadString());
                    break;
                case (13, 2):
                    ReadExternalData(_cursor.ReadMessageEnd(), external);
                    break;
                default:
                    _cursor.Skip(wireType);
                    break;
            }
        }

        if (external.TryGetValue("location", out var location))
        {
            var bytes = Number(external, "offset") + Number(external, "length");
            _externalEnds[location] = Math.Max(bytes, _externalEnds.GetValueOrDefault(location));
        }
    }

    private static long Number(Dictionary<string, string> entries, string key) => !entries.TryGetValue(key, out var text) ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidDataException($"external data with {key} '{text}'");

    private void ReadExternalData(long end, Dictionary<string, string> entries)
    {
        var key = "";
        var value = "";
        while (_cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (1, 2):
                    key = _cursor.ReadString();
                    break;
                case (2, 2):
                    value = _cursor.ReadString();
                    break;
                default:
                    _cursor.Skip(wireType);
                    break;
            }
        }

        entries[key] = value;
    }

    private GraphValue ReadValue(long end)
    {
        var name = "";
        GraphTypeReader type = new(_cursor);
        while (_cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (1, 2):
                    name = _cursor.ReadString();
                    break;
                case (2, 2):
                    type.ReadType(_cursor.ReadMessageEnd());
                    break;
                default:
                    _cursor.Skip(wireType);
                    break;
            }
        }

        // ONNX's and ONNX Runtime's element types have the same numbers.
        return new GraphValue(name, (TensorElementType)type.ElementType, type.Dimensions);
    }

    private List<string> RequireExternalFiles(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<string> files = [];
        foreach (var (location, end) in _externalEnds)
        {
            var file = Path.GetFullPath(Path.Combine(folder, location));
            if (!file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new ModelPackageException(path, $"its weights are said to be in '{location}', which is outside the graph's folder; that is refused.");
            }

            FileInfo info = new(file);
            if (!info.Exists)
            {
                throw new ModelPackageException(file, $"the weights of {Path.GetFileName(path)} are missing; at least {end} bytes were expected here.");
            }

            if (info.Length < end)
            {
                throw new ModelPackageException(file, $"the weights of {Path.GetFileName(path)} are truncated: {info.Length} bytes are there, at least {end} were expected.");
            }

            files.Add(file);
        }

        return files;
    }
}
