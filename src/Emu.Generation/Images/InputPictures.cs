using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Generation.Images;

/// <summary>Fits a user's picture into the shape that a model's encoder takes.</summary>
public static class InputPictures
{
    /// <summary>
    /// The whole picture, as large as it fits, centred in the model's square. The rest is transparent, or white where the
    /// model has no alpha channel.
    /// </summary>
    /// <exception cref="InvalidPictureException">It would be thinner than a pixel.</exception>
    /// <returns><c>[1, 3 or 4, native size, native size]</c>, −1 to 1, colours premultiplied where there is alpha.</returns>
    public static FloatTensor Fit(Picture picture, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(model);
        var size = model.NativeSize;
        PictureLimits.CheckProportions(picture.Width, picture.Height, size);
        var planes = new FloatTensor([1, model.PictureChannels, size, size]);
        if (model.Alpha == PictureAlpha.None)
        {
            picture.Contain(size, size, PictureColor.White).CopyToRgbPlanes(PictureColor.White, planes.Span);
        }
        else
        {
            picture.Contain(size, size, PictureColor.Transparent).CopyToPremultipliedPlanes(planes.Span);
        }

        return planes;
    }
}
