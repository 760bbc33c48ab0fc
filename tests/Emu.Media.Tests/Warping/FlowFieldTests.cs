using Emu.Media.Warping;

namespace Emu.Media.Tests.Warping;

public class FlowFieldTests
{
    private const int Cells = 16;

    /// <summary>A cubic B-spline reproduces a linear function of its control points' places exactly, away from the border.</summary>
    [Theory]
    [InlineData(128, 128)]
    [InlineData(96, 60)]
    public void At_LinearFlow_IsThatLinearFunction(int width, int height)
    {
        var field = Field((x, y) => 0.01f + (0.1f * x) - (0.05f * y), (x, y) => 0.2f * y, width, height);
        var side = Math.Max(width, height);
        for (var y = height / 4f; y < height * 0.75f; y += 3.3f)
        {
            for (var x = width / 4f; x < width * 0.75f; x += 2.7f)
            {
                var (partX, partY) = ((x + ((side - width) / 2f)) / side, (y + ((side - height) / 2f)) / side);
                var (across, down) = field.At(x, y);
                Assert.Equal((0.01f + (0.1f * partX) - (0.05f * partY)) * side, across, 1e-3);
                Assert.Equal(0.2f * partY * side, down, 1e-3);
            }
        }
    }

    /// <summary>Against the B-spline's own definition, by de Boor's recursion.</summary>
    [Fact]
    public void At_OneCell_IsTheProductOfTwoCubicBSplines()
    {
        var flow = new float[2 * Cells * Cells];
        flow[(7 * Cells) + 9] = 1;
        FlowField field = new(flow, Cells, 64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var expected = 64 * BSpline(3, ((x + 0.5) / 4) - 0.5 - 9 + 2) * BSpline(3, ((y + 0.5) / 4) - 0.5 - 7 + 2);
                Assert.Equal(expected, field.At(x + 0.5f, y + 0.5f).X, 1e-4);
                Assert.Equal(0, field.At(x + 0.5f, y + 0.5f).Y);
            }
        }

        static double BSpline(int degree, double t) => degree == 0
            ? t is >= 0 and < 1 ? 1 : 0
            : ((t / degree) * BSpline(degree - 1, t)) + (((degree + 1 - t) / degree) * BSpline(degree - 1, t - 1));
    }

    [Theory]
    [InlineData(-0.5f, 1f)]            // shrinks to half: an area of .5 along one axis
    [InlineData(-0.9f, 0.7778f)]       // to a tenth: .7 / .9
    [InlineData(-2f, 0.35f)]           // folds
    [InlineData(0.5f, 1f)]
    [InlineData(4f, 0.5833f)]          // shows 5 times its area: (1 / .3 - 1) / 4
    public void LargestFactor_FlowAlongOneAxis_LeavesAreasFromThreeTenthsToItsReciprocal(float slope, float expected)
        => Assert.Equal(expected, Field((x, _) => slope * x, (_, _) => 0, 48, 48).LargestFactor(0.3f), 2e-3);

    [Fact]
    public void LargestFactor_FlowThatShrinksAlongBoth_IsTheRootOfTheDeterminant()
    {
        // (1 - .8 f)² = .3
        var factor = Field((x, _) => -0.8f * x, (_, y) => -0.8f * y, 48, 48).LargestFactor(0.3f);

        Assert.Equal((1 - Math.Sqrt(0.3)) / 0.8, factor, 2e-3);
    }

    [Fact]
    public void LargestFactor_OnAFlowBeneath_IsWhatThatOneLeaves()
    {
        var beneath = Field((x, _) => -0.2f * x, (_, _) => 0, 48, 48);
        var flow = Field((_, _) => 0, (_, y) => -0.9f * y, 48, 48);

        // (1 - .2) (1 - .9 f) = .5
        Assert.Equal((1 - (0.5 / 0.8)) / 0.9, flow.LargestFactor(0.5f, beneath), 2e-3);
    }

    [Fact]
    public void LargestFactor_FlowBeneathOfAnotherSize_IsRefused()
        => Assert.Throws<ArgumentException>(() => Field((_, _) => 0, (_, _) => 0, 48, 48).LargestFactor(0.5f, Field((_, _) => 0, (_, _) => 0, 32, 48)));

    [Fact]
    public void FlowField_AnotherNumberOfValues_IsRefused()
        => Assert.Throws<ArgumentException>(() => new FlowField(new float[100], Cells, 32, 32));

    private static FlowField Field(Func<float, float, float> across, Func<float, float, float> down, int width, int height)
    {
        var flow = new float[2 * Cells * Cells];
        for (var cell = 0; cell < Cells * Cells; cell++)
        {
            var (x, y) = (((cell % Cells) + 0.5f) / Cells, ((cell / Cells) + 0.5f) / Cells);
            (flow[cell], flow[(Cells * Cells) + cell]) = (across(x, y), down(x, y));
        }

        return new(flow, Cells, width, height);
    }
}
