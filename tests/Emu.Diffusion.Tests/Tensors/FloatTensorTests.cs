using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Tensors;

public class FloatTensorTests
{
    [Fact]
    public void Slice_MiddleOfFirstAxis_SharesElements()
    {
        FloatTensor tensor = new([3, 2], new[] { 0f, 1, 2, 3, 4, 5 });

        var slice = tensor.Slice(1, 1);
        slice.Span[0] = 9;

        Assert.Equal([1, 2], slice.Shape);
        Assert.Equal([0, 1, 9, 3, 4, 5], tensor.Span.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(2, 2));
    }

    [Fact]
    public void Constructor_WrongNumberOfElements_SaysBoth()
        => Assert.Contains("[2, 2] has 4 elements, but 3", Assert.Throws<ArgumentException>(() => new FloatTensor([2, 2], new float[3])).Message, StringComparison.Ordinal);

    [Fact]
    public void Shape_TooManyElements_IsRefusedWithoutOverflow()
        => Assert.Throws<ArgumentOutOfRangeException>(() => TensorShape.Create([int.MaxValue, int.MaxValue, int.MaxValue]));

    [Fact]
    public void Shape_Empty_IsAScalar() => Assert.Equal(1, TensorShape.Create([]).ElementCount);
}
