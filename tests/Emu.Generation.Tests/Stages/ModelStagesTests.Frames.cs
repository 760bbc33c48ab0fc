using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Tests.Stages;

public partial class ModelStagesTests
{
    private static async Task<List<Picture>> FramesAsync(StageRunner runner, int count)
    {
        var chunks = (await runner.RunAsync(StageNames.Interpolate, [StageNames.Animate])).Chunks!.Value;
        var frames = new List<Picture>();
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            await runner.RunAsync(StageNames.Upsample, [StageNames.Keyframe, StageNames.Interpolate], chunk, chunks);
            using var file = new MemoryStream(await runner.ReadAsync(StageNames.Chunk(StageNames.Upsample, chunk), StageFiles.FrameVideo));
            frames.AddRange(await new FrameChunkCodec().ReadAsync(file, Math.Min(64, count - frames.Count), Token).ToListAsync(Token));
        }

        return frames;
    }

    private static double Difference(Picture first, Picture second)
    {
        double sum = 0;
        for (var index = 0; index < first.Samples.Length; index++)
        {
            sum += Math.Abs(first.Samples[index] - second.Samples[index]);
        }

        return sum / first.Samples.Length;
    }

    private static Picture Chequered(int width, int height) => Picture.Create(width, height, width, static (samples, width) =>
    {
        for (var pixel = 0; pixel < samples.Length / 4; pixel++)
        {
            var shade = (byte)(((pixel % width / 12) + (pixel / width / 12)) % 2 == 0 ? 40 : 210);
            (samples[4 * pixel], samples[(4 * pixel) + 1], samples[(4 * pixel) + 2], samples[(4 * pixel) + 3]) = (shade, shade, (byte)(255 - shade), 255);
        }
    });
}
