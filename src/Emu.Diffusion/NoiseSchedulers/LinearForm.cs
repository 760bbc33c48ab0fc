namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>The combination Sample·x + Output·f of a sample x and a network's output f.</summary>
internal readonly record struct LinearForm(double Sample, double Output)
{
    public static LinearForm operator +(LinearForm left, LinearForm right) => new(left.Sample + right.Sample, left.Output + right.Output);

    public static LinearForm operator *(double factor, LinearForm form) => new(factor * form.Sample, factor * form.Output);
}
