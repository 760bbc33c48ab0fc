using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Operations.Background;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations.Color;

/// <summary>Changes colours pixel by pixel, in the file's own samples; alpha stays.</summary>
internal sealed class ColorOperator :
    IEditOperator<Tint>,
    IEditOperator<Saturate>,
    IEditOperator<Brighten>,
    IEditOperator<Contrast>,
    IEditOperator<Warm>,
    IEditOperator<Grey>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Tint operation, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var color = operation.Color.ToVector();
            var exponent = ColorFormulas.TintExponent(MeanLuma.Of(context.Picture, context.Region, cancellationToken), ColorFormulas.Luma(color));
            return Apply(context, pixel => Vector4.Lerp(pixel, ColorFormulas.Tinted(pixel, color, exponent), (float)operation.Amount), cancellationToken);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Saturate operation, CancellationToken cancellationToken) =>
        ApplyAsync(context, pixel => ColorFormulas.Saturated(pixel, (float)operation.Factor), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Brighten operation, CancellationToken cancellationToken)
    {
        var exponent = MathF.Pow(2, -1.2f * (float)operation.Amount);
        return ApplyAsync(context, pixel => new Vector4(MathF.Pow(pixel.X, exponent), MathF.Pow(pixel.Y, exponent), MathF.Pow(pixel.Z, exponent), 1), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Contrast operation, CancellationToken cancellationToken) =>
        ApplyAsync(context, pixel => ColorFormulas.Contrasted(pixel, (float)operation.Amount), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Warm operation, CancellationToken cancellationToken) =>
        ApplyAsync(context, pixel => ColorFormulas.Warmed(pixel, (float)operation.Amount), cancellationToken);

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Grey operation, CancellationToken cancellationToken) =>
        ApplyAsync(context, static pixel => new Vector4(ColorFormulas.Luma(pixel)), cancellationToken);

    private static Task<EditResult> ApplyAsync(EditContext context, Func<Vector4, Vector4> change, CancellationToken cancellationToken) =>
        Task.Run(() => Apply(context, change, cancellationToken), cancellationToken);

    private static EditResult Apply(EditContext context, Func<Vector4, Vector4> change, CancellationToken cancellationToken)
    {
        var region = context.Region;
        var edited = RegionEdit.Apply(
            context.Picture,
            region,
            (y, row) =>
            {
                var pixels = MemoryMarshal.Cast<float, Vector4>(row);
                var shares = region is null ? default : region.Row(y);
                for (var x = 0; x < pixels.Length; x++)
                {
                    if (shares.IsEmpty || shares[x] != 0)
                    {
                        var alpha = pixels[x].W;
                        pixels[x] = change(pixels[x]) with { W = alpha };
                    }
                }
            },
            cancellationToken);
        return new EditResult(edited, region);
    }
}
