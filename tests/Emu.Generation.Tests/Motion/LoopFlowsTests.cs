using Emu.Diffusion.Tensors;
using Emu.Generation.Motion;
using Emu.Media.Warping;

namespace Emu.Generation.Tests.Motion;

public class LoopFlowsTests
{
    private const int Cells = 16;
    private const int Frames = 16;

    [Fact]
    public void ToTicks_GentleFlows_KeepsThem()
    {
        var flows = Squeezes(0.2f);

        var made = LoopFlows.ToTicks(flows, 64, 0.3f);

        Assert.Equal([64, 2, Cells, Cells], made.Shape);
        for (var frame = 0; frame < Frames; frame++)
        {
            Assert.Equal(flows.Slice(frame, 1).Span.ToArray(), made.Slice(4 * frame, 1).Span.ToArray());
        }
    }

    [Fact]
    public void ToTicks_FlowsThatWouldFold_AreHeldBackSmoothly()
    {
        var made = LoopFlows.ToTicks(Squeezes(1.5f), 64, 0.3f);

        var sizes = new float[64];
        for (var tick = 0; tick < 64; tick++)
        {
            Assert.Equal(1, new FlowField(made.Slice(tick, 1).Span, Cells, 48, 48).LargestFactor(0.299f));
            sizes[tick] = made.Slice(tick, 1).Span[(8 * Cells) + 15];
        }

        Assert.All(made.Slice(0, 1).Span.ToArray(), value => Assert.Equal(0, value));
        Assert.All(Enumerable.Range(0, 64), tick => Assert.InRange(Math.Abs(sizes[(tick + 1) % 64] - sizes[tick]), 0, 0.06));
        Assert.Contains(sizes, size => Math.Abs(size) > 0.2);
    }

    [Fact]
    public void ToTicks_FlowThatMovesAndBends_KeepsTheMoveAndHoldsBackTheBend()
    {
        FloatTensor flows = new([Frames, 2, Cells, Cells]);
        for (var index = 0; index < flows.Span.Length; index++)
        {
            var isAcross = index / (Cells * Cells) % 2 == 0;
            var swing = (float)(1 - Math.Cos(2 * Math.PI * (index / (2 * Cells * Cells)) / Frames)) / 2;
            flows.Span[index] = isAcross ? swing * (0.1f + (0.12f * (float)Math.Sin(2 * Math.PI * ((index % Cells) + 0.5) / 4))) : 0;
        }

        var made = LoopFlows.ToTicks(flows, 64, 0.75f);

        var middle = made.Slice(32, 1).Span[..(Cells * Cells)].ToArray();
        Assert.Equal(0.1f, middle.Average(), 1e-3);
        Assert.InRange(middle.Max() - middle.Min(), 0.005, 0.1);
        Assert.All(Enumerable.Range(0, 64), tick => Assert.InRange(new FlowField(made.Slice(tick, 1).Span, Cells, 48, 48).LargestFactor(0.74f), 0.999f, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ToTicks_AreaThatIsNoShare_IsRefused(float leastArea)
        => Assert.Throws<ArgumentOutOfRangeException>(() => LoopFlows.ToTicks(Squeezes(0.2f), 64, leastArea));

    [Fact]
    public void FactorForShare_LargerDisplacement_BringsItToTheShare()
    {
        var flows = Squeezes(0.2f);
        var largest = flows.Span.ToArray().Max(Math.Abs);

        Assert.Equal(0.01f, largest * LoopFlows.FactorForShare(flows, 0.01f), 1e-6);
        Assert.Equal(1, LoopFlows.FactorForShare(flows, 1));
    }

    /// <summary>A picture that is squeezed towards its middle and let go again.</summary>
    private static FloatTensor Squeezes(float slope)
    {
        FloatTensor flows = new([Frames, 2, Cells, Cells]);
        for (var index = 0; index < flows.Span.Length; index++)
        {
            var frame = index / (2 * Cells * Cells);
            var isAcross = index / (Cells * Cells) % 2 == 0;
            flows.Span[index] = isAcross ? -slope * (float)(1 - Math.Cos(2 * Math.PI * frame / Frames)) / 2 * ((((index % Cells) + 0.5f) / Cells) - 0.5f) : 0;
        }

        return flows;
    }
}
