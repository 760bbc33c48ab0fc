"""Names of colours, and recolouring of objects. One colour-object pair in ten is never composed, to test colour binding."""
import zlib
from dataclasses import dataclass

import numpy as np

COLOURS = {'red': (220, 40, 40), 'orange': (245, 140, 40), 'yellow': (250, 215, 60), 'green': (60, 170, 80), 'blue': (50, 110, 225),
           'purple': (130, 70, 200), 'pink': (245, 150, 190), 'white': (250, 250, 250), 'black': (20, 20, 22), 'gray': (130, 130, 135),
           'brown': (120, 80, 50), 'teal': (40, 170, 170)}
NAMES = list(COLOURS)
HUES = {'red': 0, 'orange': 28, 'yellow': 50, 'green': 125, 'teal': 178, 'blue': 218, 'purple': 272, 'pink': 335, 'brown': 24}


def held_out(colour, label):
    return zlib.crc32(f'{colour} {label}'.encode()) % 10 == 0


def to_hsv(rgb):
    """Hue in degrees, saturation, value."""
    high, low = rgb.max(-1), rgb.min(-1)
    span = high - low + 1e-8
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(high == r, (g - b) / span % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4)) * 60
    return hue, np.where(high > 1e-6, span / (high + 1e-8), 0), high


def to_rgb(hue, saturation, value):
    def channel(n):
        k = (n + hue / 60) % 6
        return value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1)
    return np.stack([channel(5), channel(3), channel(1)], -1)


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
        hue, saturation, value = to_hsv(picture[..., :3] / np.maximum(alpha, 1e-3)[..., None])
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
    """The same object in another colour. palette: of the whole clip, so that its frames agree."""
    alpha = picture[..., 3:]
    hue, saturation, value = to_hsv(picture[..., :3] / np.maximum(alpha, 1e-3))
    if name == 'white':
        saturation, value = saturation * .08, .72 + .28 * value
    elif name == 'gray':
        saturation, value = saturation * .06, .25 + .5 * value
    elif name == 'black':
        saturation, value = saturation * .15, value * .32
    elif palette.saturation < .25:                  # a pale object has no hue to rotate: its pale parts get the new hue
        pale = saturation < .18
        hue = np.where(pale, HUES[name], hue + HUES[name] - palette.hue) % 360
        saturation = np.where(pale, .62 * np.clip(1.25 - value * .6, 0, 1) + .1, saturation)
        value = value * .96
        if name in ('blue', 'purple'):
            saturation = np.clip(saturation * 1.1, 0, 1)
    else:
        hue = (hue + HUES[name] - palette.hue) % 360
    if name == 'brown':
        saturation, value = np.clip(saturation * .8, 0, .75), value * .62
    if name == 'pink':
        saturation, value = saturation * .55, np.clip(.25 + .85 * value, 0, 1)
    return np.concatenate([to_rgb(hue, saturation, np.clip(value, 0, 1)) * alpha, alpha], -1).astype(np.float32)
