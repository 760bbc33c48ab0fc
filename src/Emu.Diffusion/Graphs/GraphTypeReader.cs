namespace Emu.Diffusion.Graphs;

/// <summary>Reads a TypeProto: the element type and the axes of a tensor.</summary>
internal sealed class GraphTypeReader(ProtobufCursor cursor)
{
    public int ElementType { get; private set; }

    public List<GraphDimension>? Dimensions { get; private set; }

    public void ReadType(long end) => ReadFields(end, 1, ReadTensorType);

    private void ReadTensorType(long end)
    {
        while (cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (1, 0):
                    ElementType = (int)cursor.ReadVarint();
                    break;
                case (2, 2):
                    Dimensions = [];
                    ReadFields(cursor.ReadMessageEnd(), 1, ReadDimension);
                    break;
                default:
                    cursor.Skip(wireType);
                    break;
            }
        }
    }

    private void ReadDimension(long end)
    {
        GraphDimension dimension = default;
        while (cursor.Next(end, out var field, out var wireType))
        {
            switch (field, wireType)
            {
                case (1, 0):
                    // Some exporters write 0 or −1 for an open size.
                    var size = (long)cursor.ReadVarint();
                    dimension = size > 0 ? new GraphDimension(size, null) : default;
                    break;
                case (2, 2):
                    dimension = new GraphDimension(null, cursor.ReadString());
                    break;
                default:
                    cursor.Skip(wireType);
                    break;
            }
        }

        Dimensions!.Add(dimension);
    }

    private void ReadFields(long end, int wanted, Action<long> read)
    {
        while (cursor.Next(end, out var field, out var wireType))
        {
            if (field == wanted && wireType == 2)
            {
                read(cursor.ReadMessageEnd());
            }
            else
            {
                cursor.Skip(wireType);
            }
        }
    }
}
