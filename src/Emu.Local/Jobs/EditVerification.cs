using System.Globalization;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Jobs;

/// <summary>Proves what an edit kept: every version is read back and compared with the one before, and the written file with the last.</summary>
/// <param name="KeptShare">The share of the picture's own pixels in the last version, 0 to 1.</param>
/// <param name="Summary">What was proven, in a sentence.</param>
/// <param name="Problem">What is wrong; null if nothing is.</param>
internal sealed record EditVerification(double KeptShare, string Summary, string? Problem)
{
    private static readonly SourcePictureReader Reader = new(SourcePictureReader.DefaultLimits with { MinimumSide = 1 });

    /// <summary>Reads everything back.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="versions">The versions' jobs, in order; at least one.</param>
    /// <param name="outputs">The files that were written.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<EditVerification> RunAsync(IArtifactStore store, IReadOnlyList<JobRecord> versions, IReadOnlyList<OutputTarget> outputs, CancellationToken cancellationToken)
    {
        var original = await ReadAsync(store, versions[0].Request.InputPicture!, cancellationToken);
        var before = original;
        var everywhere = false;
        foreach (var version in versions)
        {
            var after = await ReadAsync(store, FileOf(version, "png")!.Artifact, cancellationToken);
            if (FileOf(version, "mask") is not { } file)
            {
                everywhere = true;
            }
            else if (!PixelExact.IsKept(before, after, await ReadMaskAsync(store, file.Artifact, cancellationToken), cancellationToken))
            {
                return new(0, "", $"'{version.Request.Prompt}' changed pixels outside its mask.");
            }

            before = after;
        }

        foreach (var output in outputs.Where(output => OutputFormats.Of(JobKind.Edit, output.Path) == "png" && File.Exists(output.Path) && versions[^1].Request.Edit is not { Fits: true }))
        {
            var written = await Reader.ReadAsync(output.Path, cancellationToken);
            if (written.Width != before.Width || written.Height != before.Height || written.Bits != before.Bits || !written.Bytes.SequenceEqual(before.Bytes))
            {
                return new(0, "", $"'{output.Path}' does not hold the pixels that were made.");
            }
        }

        var share = PixelExact.KeptShare(original, before, cancellationToken);
        var pixels = (long)original.Width * original.Height;
        return new(
            share,
            string.Create(
                CultureInfo.InvariantCulture,
                $"verified: {Math.Round(share * pixels):#,0} of {pixels:#,0} pixels are the source's bit for bit, {(everywhere ? "though this edit may change every pixel" : "among them all that the edit is not about")}"),
            null);
    }

    private static JobFile? FileOf(JobRecord job, string variant) => job.Files!.FirstOrDefault(file => file.Variant == variant);

    private static async Task<SourcePicture> ReadAsync(IArtifactStore store, string artifact, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(artifact, cancellationToken);
        return await Reader.ReadAsync(stream, cancellationToken);
    }

    private static async Task<EditMask> ReadMaskAsync(IArtifactStore store, string artifact, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(artifact, cancellationToken);
        return EditMasks.FromPicture(await new PictureReader(SourcePictureReader.DefaultLimits with { MinimumSide = 1 }).ReadAsync(stream, cancellationToken));
    }
}
