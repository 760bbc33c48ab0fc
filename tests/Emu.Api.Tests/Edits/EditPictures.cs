using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Api.Tests.Edits;

/// <summary>Pictures for edits: a subject of many colours on a ground of one.</summary>
internal static class EditPictures
{
    public const int Width = 48;
    public const int Height = 40;

    public static PictureColor Ground { get; } = new(20, 120, 40, 255);

    public static async Task<byte[]> PngAsync(PictureColor? ground = null, bool hasSubject = true)
    {
        var picture = Picture.Create(Width, Height, (Ground: ground ?? Ground, hasSubject), static (samples, state) =>
        {
            var random = new Random(7);
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                var (y, x) = Math.DivRem(i / Picture.Channels, Width);
                var inside = state.hasSubject && IsSubject(x, y);
                samples[i] = inside ? (byte)random.Next(200, 256) : state.Ground.Red;
                samples[i + 1] = inside ? (byte)random.Next(100) : state.Ground.Green;
                samples[i + 2] = inside ? (byte)random.Next(100) : state.Ground.Blue;
                samples[i + 3] = 255;
            }
        });
        return await PngAsync(picture);
    }

    /// <summary>White in the left half, black in the right.</summary>
    public static async Task<byte[]> MaskAsync(int width = Width, int height = Height) => await PngAsync(Picture.Create(width, height, width, static (samples, width) =>
    {
        for (var i = 0; i < samples.Length; i += Picture.Channels)
        {
            samples.Slice(i, 3).Fill(i / Picture.Channels % width < width / 2 ? (byte)255 : (byte)0);
            samples[i + 3] = 255;
        }
    }));

    public static bool IsSubject(int x, int y) => x is >= 12 and < 36 && y is >= 8 and < 32;

    public static async Task<byte[]> PngAsync(Picture picture)
    {
        using var stream = new MemoryStream();
        await new PictureWriter().WriteAsync(picture, stream);
        return stream.ToArray();
    }

    public static Task<SourcePicture> ReadAsync(byte[] file) => new SourcePictureReader().ReadAsync(file);

    public static MultipartFormDataContent Form(params (string Name, object Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            if (value is byte[] file)
            {
                form.Add(new ByteArrayContent(file), name, "picture.png");
            }
            else
            {
                form.Add(new StringContent(value.ToString()!), name);
            }
        }

        return form;
    }
}
