namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// The coefficients of UniPC's predictor and corrector (arXiv 2302.04867, equations 3 and 8; B(h) = h or eʰ − 1): what the
/// sample, the current output and each output before it are multiplied by.
/// </summary>
/// <param name="plan">The noise levels.</param>
/// <param name="predictsClean">Whether clean samples rather than noise are extrapolated.</param>
/// <param name="linear">Whether B(h) = h (<c>bh1</c>) rather than eʰ − 1 (<c>bh2</c>).</param>
internal sealed class UniPcWeights(MultistepPlan plan, bool predictsClean, bool linear)
{
    public const int MaximumOrder = 3;

    /// <summary>From the start of a step to its end: differences to the current output, at the steps before.</summary>
    /// <param name="step">The step.</param>
    /// <param name="order">1 to 3; as many outputs are used, the current one included.</param>
    /// <param name="weights">Sample, current output, outputs before it (newest first); written whole.</param>
    public void Predict(int step, int order, Span<double> weights)
    {
        weights.Clear();
        var (h, zeroth, factor) = FirstOrder(step, step + 1, out weights[0]);
        weights[1] = zeroth;
        if (order == 1)
        {
            return;
        }

        Span<double> nodes = stackalloc double[MaximumOrder];
        for (var i = 0; i < order - 1; i++)
        {
            nodes[i] = (plan.Lambda(step - 1 - i) - plan.Lambda(step)) / h;
        }

        Span<double> rho = stackalloc double[MaximumOrder];
        Solve(nodes[..(order - 1)], h, rho);
        for (var i = 0; i < order - 1; i++)
        {
            var weight = factor * rho[i] / nodes[i];
            weights[2 + i] = weight;
            weights[1] -= weight;
        }
    }

    /// <summary>From the start of the step before to this one's start, which the current output now helps to find.</summary>
    /// <param name="step">The step whose sample is corrected, from 1.</param>
    /// <param name="order">The order that the sample was predicted with.</param>
    /// <param name="weights">Sample of the step before, current output, outputs before it (newest first); written whole.</param>
    public void Correct(int step, int order, Span<double> weights)
    {
        weights.Clear();
        var (h, zeroth, factor) = FirstOrder(step - 1, step, out weights[0]);
        weights[2] = zeroth;

        // The current output stands at the last node, 1: the end of the interval.
        Span<double> nodes = stackalloc double[MaximumOrder];
        for (var i = 0; i < order - 1; i++)
        {
            nodes[i] = (plan.Lambda(step - 2 - i) - plan.Lambda(step - 1)) / h;
        }

        nodes[order - 1] = 1;
        Span<double> rho = stackalloc double[MaximumOrder];
        Solve(nodes[..order], h, rho);
        for (var i = 0; i < order; i++)
        {
            var weight = factor * rho[i] / nodes[i];
            weights[i == order - 1 ? 1 : 3 + i] += weight;
            weights[2] -= weight;
        }
    }

    /// <summary>The weights of the sample and of the output at the interval's start, and what weighted differences are multiplied by.</summary>
    private (double H, double Zeroth, double Factor) FirstOrder(int from, int to, out double sample)
    {
        var h = plan.Lambda(to) - plan.Lambda(from);
        var (outer, outerFrom) = predictsClean ? (plan.Alpha(to), plan.Alpha(from)) : (plan.Sigma(to), plan.Sigma(from));
        sample = predictsClean ? plan.Sigma(to) / plan.Sigma(from) : plan.Alpha(to) / plan.Alpha(from);

        // outer·(1 − e^±ʰ), written so that it stays finite where λ is infinite.
        return (h, outer - (sample * outerFrom), -outer * Scale(h));
    }

    /// <summary>B(h).</summary>
    private double Scale(double h)
    {
        var signed = predictsClean ? -h : h;
        return linear ? signed : Math.Exp(signed) - 1;
    }

    /// <summary>The weights ρ that make the differences exact for polynomials up to the nodes' number.</summary>
    private void Solve(ReadOnlySpan<double> nodes, double h, Span<double> rho)
    {
        var order = nodes.Length;
        if (order == 1)
        {
            // The paper's simplification: exact to second order for every node.
            rho[0] = 0.5;
            return;
        }

        // Rows: Σ ρ·nodeⁱ⁻¹ = i!·φᵢ₊₁(h)/B(h), a Vandermonde system of two or three unknowns.
        var signed = predictsClean ? -h : h;
        var growth = Math.Exp(signed) - 1;
        var scale = Scale(h);
        Span<double> matrix = stackalloc double[MaximumOrder * MaximumOrder];
        var phi = (growth / signed) - 1;
        var factorial = 1.0;
        for (var row = 0; row < order; row++)
        {
            for (var column = 0; column < order; column++)
            {
                matrix[(row * MaximumOrder) + column] = Math.Pow(nodes[column], row);
            }

            rho[row] = phi * factorial / scale;
            factorial *= row + 2;
            phi = (phi / signed) - (1 / factorial);
        }

        Eliminate(matrix, rho, order);
    }

    /// <summary>Gaussian elimination; distinct nodes make a Vandermonde matrix regular, so the first pivot of a column will do after scaling.</summary>
    private static void Eliminate(Span<double> matrix, Span<double> right, int order)
    {
        for (var pivot = 0; pivot < order; pivot++)
        {
            for (var row = pivot + 1; row < order; row++)
            {
                var factor = matrix[(row * MaximumOrder) + pivot] / matrix[(pivot * MaximumOrder) + pivot];
                for (var column = pivot; column < order; column++)
                {
                    matrix[(row * MaximumOrder) + column] -= factor * matrix[(pivot * MaximumOrder) + column];
                }

                right[row] -= factor * right[pivot];
            }
        }

        for (var row = order - 1; row >= 0; row--)
        {
            for (var column = row + 1; column < order; column++)
            {
                right[row] -= matrix[(row * MaximumOrder) + column] * right[column];
            }

            right[row] /= matrix[(row * MaximumOrder) + row];
        }
    }
}
