"""The data of smoke.py: four drawn shapes that rotate and bob, in place of the emoji."""
import numpy as np

from data import FRAMES, SIZE, cache, write_json

SHAPES = {'disc': lambda x, y: x**2 + y**2 < .36, 'square': lambda x, y: np.maximum(abs(x), abs(y)) < .5,
          'ring': lambda x, y: abs(np.hypot(x, y) - .5) < .15, 'bar': lambda x, y: (abs(x) < .7) & (abs(y) < .2)}
INKS = dict(disc=(.9, .2, .2), square=(.2, .4, .9), ring=(.2, .7, .3), bar=(.95, .8, .2))


def draw(name, frame, moving):
    """[256, 256, 4] uint8, premultiplied: one frame of a shape that rotates and bobs in a loop."""
    angle = 2 * np.pi * frame / FRAMES if moving else 0.3
    y, x = np.mgrid[-1:1:SIZE * 1j, -1:1:SIZE * 1j]
    y = y - .25 * np.sin(angle)
    inside = SHAPES[name](x * np.cos(.4 * np.sin(angle)) + y * np.sin(.4 * np.sin(angle)), y).astype(np.float32)
    colour = np.array(INKS[name], np.float32) * (1 - .3 * (y[..., None] + 1) / 2)
    return np.concatenate([(colour * inside[..., None] * 255).round(), inside[..., None] * 255], -1).astype(np.uint8)


def prepare():
    np.save(cache('clips.npy'), np.stack([[draw(name, t, True) for t in range(FRAMES)] for name in SHAPES]))
    np.save(cache('stills.npy'), np.stack([draw(name, 0, False) for name in SHAPES]))
    concepts = [dict(key=name + kind, label=name, keywords=[name + 'like', 'shape'], group=5, animated=kind == 'a', row=row)
                for kind in 'as' for row, name in enumerate(SHAPES)]
    write_json(cache('concepts.json'), concepts)
