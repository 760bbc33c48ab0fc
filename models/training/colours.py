"""Names of colours, and recolouring of objects. One colour-object pair in ten is never composed, to test colour binding."""
import zlib
from dataclasses import dataclass

import numpy as np
import torch

COLOURS = {'red': (220, 40, 40), 'orange': (245, 140, 40), 'yellow': (250, 215, 60), 'green': (60, 170, 80), 'blue': (50, 110, 225),
           'purple': (130, 70, 200), 'pink': (245, 150, 190), 'white': (250, 250, 250), 'black': (20, 20, 22), 'gray': (130, 130, 135),
           'brown': (120, 80, 50), 'teal': (40, 170, 170)}
NAMES = list(COLOURS)
HUES = {'red': 0, 'orange': 28, 'yellow': 50, 'green': 125, 'teal': 178, 'blue': 218, 'purple': 272, 'pink': 335, 'brown': 24}
# saturation: factor and maximum; value: offset and factor
SHADES = {'white': (.08, 1, .72, .28), 'gray': (.06, 1, .25, .5), 'black': (.15, 1, 0, .32), 'brown': (.8, .75, 0, .62), 'pink': (.55, 1, .25, .85)}


def held_out(colour, label):
    return zlib.crc32(f'{colour} {label}'.encode()) % 10 == 0


def to_hsv(rgb):
    """[..., 3, h, w] -> hue in degrees, saturation, value, each [..., h, w]."""
    red, green, blue = rgb.unbind(-3)
    high, low = rgb.amax(-3), rgb.amin(-3)
    span = high - low + 1e-8
    hue = torch.where(high == red, (green - blue) / span % 6, torch.where(high == green, (blue - red) / span + 2, (red - green) / span + 4)) * 60
    return hue, torch.where(high > 1e-6, span / (high + 1e-8), torch.zeros_like(high)), high


def to_rgb(hue, saturation, value):
    def channel(n):
        k = (n + hue / 60) % 6
        return value - value * saturation * torch.minimum(k, 4 - k).clamp(0, 1)
    return torch.stack([channel(5), channel(3), channel(1)], -3)


@dataclass(frozen=True)
class Palette:
    """Statistics of the opaque part of an image: main hue, concentration of hues, mean saturation and value."""
    hue: float
    concentration: float
    saturation: float
    value: float

    @staticmethod
    def of(picture):
        alpha = picture[..., 3]
        rgb = torch.from_numpy(picture[..., :3] / np.maximum(alpha, 1e-3)[..., None]).movedim(-1, 0)
        hue, saturation, value = [part.numpy() for part in to_hsv(rgb)]
        weight, area = alpha * saturation * value, alpha.sum() + 1e-6
        mean = (weight * np.exp(1j * np.deg2rad(hue))).sum() / (weight.sum() + 1e-6)
        return Palette(np.rad2deg(np.angle(mean)) % 360, abs(mean), (alpha * saturation).sum() / area, (alpha * value).sum() / area)

    def name(self):
        """The name of its colour, or None if it has no clear one."""
        if self.saturation < .12:
            return 'white' if self.value > .8 else 'black' if self.value < .25 else 'gray' if self.value < .65 else None
        if self.concentration < .8 or self.saturation < .35:
            return None
        distance = {name: abs((self.hue - hue + 180) % 360 - 180) for name, hue in HUES.items() if name not in ('brown', 'pink')}
        name = min(distance, key=distance.get)
        return None if distance[name] > 18 else 'brown' if name == 'orange' and self.value < .55 else name


def recolour(picture, name, palette):
    """The same object in another colour, [h, w, 4]. palette: of the whole clip, so that its frames agree."""
    made = recoloured(torch.from_numpy(picture).movedim(-1, 0)[None], *[torch.tensor([x]) for x in (NAMES.index(name), float(palette.hue), float(palette.saturation))])
    return made[0].movedim(0, -1).contiguous().numpy()


def recoloured(pictures, colours, hues, saturations):
    """pictures [n, 4, h, w] premultiplied; colours [n]: numbers in NAMES; hues and saturations [n] of the objects' palettes."""
    alpha, device = pictures[:, 3], pictures.device
    hue, saturation, value = to_hsv(pictures[:, :3] / alpha.clamp(min=1e-3)[:, None])
    new, turned, deep, factor, most, offset, gain = torch.tensor([
        (HUES.get(name, 0), name in HUES, name in ('blue', 'purple'), *SHADES.get(name, (1, 1, 0, 1))) for name in NAMES], device=device)[colours].T[..., None, None]
    turned, dyed = turned > 0, (turned > 0) & (saturations < .25)[:, None, None]
    pale = dyed & (saturation < .18)                # a pale object has no hue to rotate: its pale parts get the new hue
    hue = torch.where(turned, torch.where(pale, new, hue + new - hues[:, None, None]) % 360, hue)
    saturation = torch.where(pale, .62 * (1.25 - value * .6).clamp(0, 1) + .1, saturation)
    saturation = torch.where(dyed & (deep > 0), (saturation * 1.1).clamp(0, 1), saturation)
    value = torch.where(dyed, value * .96, value)
    saturation, value = torch.minimum(saturation * factor, most), (offset + gain * value).clamp(0, 1)
    return torch.cat([to_rgb(hue, saturation, value) * alpha[:, None], alpha[:, None]], 1)
