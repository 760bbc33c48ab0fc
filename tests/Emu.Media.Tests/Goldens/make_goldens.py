"""Makes the golden pictures in this folder. See README.md."""
import io
import os
import subprocess
import numpy as np
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))


def rgba(width, height):
    """Smooth colour, a soft disc of alpha, colour under alpha 0."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    r = np.hypot(x - width * .45, y - height * .55)
    alpha = np.clip(min(width, height) * .38 - r + .5, 0, 1)
    return np.rint(np.stack([255 * x / max(1, width - 1), 255 * y / max(1, height - 1), 127 + 127 * np.sin(x * .9 + y * .4), 255 * alpha], -1)).astype(np.uint8)


def save(name, image, **options):
    path = os.path.join(here, 'Pictures', name)
    image.save(path, **options)
    # What PIL decodes; of JPEGs with subsampled chroma, what libjpeg decodes without interpolating it.
    subsampled = name.endswith('.jpg') and image.mode == 'RGB'
    decoded = io.BytesIO(subprocess.run(['djpeg', '-nosmooth', '-ppm', path], check=True, stdout=subprocess.PIPE).stdout) if subsampled else path
    Image.fromarray(np.asarray(Image.open(decoded).convert('RGBA'))).save(path + '.png', optimize=True)


def resized(source, width, height, kernel):
    """Premultiplied, in float: each channel on its own through PIL's 'F' mode."""
    s = source.astype(np.float32) / 255
    s[..., :3] *= s[..., 3:]
    out = np.stack([np.asarray(Image.fromarray(s[..., c]).resize((width, height), kernel)) for c in range(4)], -1)
    alpha = np.clip(out[..., 3:], 0, 1)
    color = np.where(alpha > 0, np.clip(out[..., :3], 0, alpha) / np.maximum(alpha, 1e-9), 0)
    return np.rint(255 * np.concatenate([color, alpha], -1)).astype(np.uint8)


def main():
    source = rgba(37, 29)
    picture = Image.fromarray(source)
    opaque = picture.convert('RGB')
    picture.save(os.path.join(here, 'source.png'), optimize=True)
    for name, kernel in (('area', Image.BOX), ('bicubic', Image.BICUBIC), ('lanczos', Image.LANCZOS)):
        for width, height in ((16, 16), (13, 40), (96, 75)):
            Image.fromarray(resized(source, width, height, kernel)).save(os.path.join(here, f'{name}-{width}x{height}.png'), optimize=True)

    save('rgba.png', picture)
    save('palette.png', opaque.quantize(32))
    save('gray.png', opaque.convert('L'))
    save('gray-alpha.png', picture.convert('LA'))
    save('bits1.png', opaque.convert('1'))
    save('baseline.jpg', opaque, quality=95)
    save('progressive.jpg', opaque, quality=95, progressive=True)
    save('gray.jpg', opaque.convert('L'), quality=95)
    save('lossless.webp', picture, lossless=True, exact=True)
    save('lossy.webp', opaque, quality=95)
    save('still.gif', opaque.quantize(64))
    save('rgb24.bmp', opaque)
    save('palette.bmp', opaque.quantize(64))
    save('gray.bmp', opaque.convert('L'))
    frames = [picture.rotate(angle) for angle in (0, 120, 240)]
    frames[0].save(os.path.join(here, 'Pictures', 'animated.gif'), save_all=True, append_images=frames[1:], duration=100, loop=0)
    frames[0].save(os.path.join(here, 'Pictures', 'animated.webp'), save_all=True, append_images=frames[1:], duration=100, loop=0)
    frames[0].save(os.path.join(here, 'Pictures', 'animated.png'), save_all=True, append_images=frames[1:], duration=100, loop=0)
    for name in ('animated.gif', 'animated.webp', 'animated.png'):
        assert Image.open(os.path.join(here, 'Pictures', name)).n_frames == 3, name


main()
