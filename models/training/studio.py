"""Draws and encodes images of one object each, many at once, on any device.

Scenes (compose.py) are written as records without a pixel, in as many processes as there are cores. Recolouring, scaling, placing
and backgrounds are then tensor operations, as is encoding. On a GPU that is thousands of images a second."""
import numpy as np
import torch

from autoencoder import encode
from colours import NAMES, recoloured
from data import FRAMES, SIZE

SPEC = np.dtype([('picture', 'i8'), ('colour', 'i8'), ('hue', 'f4'), ('saturation', 'f4'), ('size', 'f4'), ('x', 'f4'), ('y', 'f4'),
                 ('opaque', 'f4'), ('top', 'f4', 3), ('bottom', 'f4', 3)])
AT_ONCE = 256            # images drawn together on a GPU; their canvases take 70 MB each time they are copied


def spec(scene, composer):
    """A scene of one object, or of none, as a record. Numbers of pictures: every frame of every clip, then the stills; -1 for no object."""
    made = np.zeros((), SPEC)
    made['picture'] = made['colour'] = -1
    for placed in scene.placed:
        thing, data = placed.thing, composer.data
        row = thing.concept.row
        made['picture'] = row * FRAMES + thing.start % FRAMES if thing.concept.animated else len(data.clips) * FRAMES + row
        made['size'], made['x'], made['y'] = placed.size, placed.x, placed.y
        if thing.colour:
            palette = composer.palettes[thing.concept.key]
            made['colour'], made['hue'], made['saturation'] = NAMES.index(thing.colour), palette.hue, palette.saturation
    if scene.ground is not None:
        made['opaque'], (made['top'], made['bottom']) = 1, scene.ground
    return made


def placing(size, centre):
    """[n] in parts of the canvas -> [n, SIZE (canvas), SIZE (picture)]: resizes a line of a picture as compose.resize does, and puts it where
    compose.paste does."""
    side = (SIZE * size).round().clamp(min=16)[:, None, None]
    line = torch.arange(SIZE, device=size.device, dtype=torch.float32)
    to, scale = line[:, None] - (centre[:, None, None] * SIZE - side / 2).round(), SIZE / side
    weights = (1 - (line + .5 - (to + .5) * scale).abs() / scale.clamp(min=1)).clamp(min=0)
    weights = weights / weights.sum(2, keepdim=True).clamp(min=1e-6)
    return weights * ((to >= 0) & (to < side))


class Studio:
    def __init__(self, data, autoencoder, device='cpu'):
        self.device, self.autoencoder = device, autoencoder.to(device, memory_format=torch.channels_last)
        self.clips, self.stills = [torch.from_numpy(pictures).to(device) for pictures in (data.clips, data.stills)]
        self.clips = self.clips.flatten(0, 1)

    def pictures(self, numbers):
        """[n, 4, 256, 256] in [0, 1]; empty for -1."""
        made = torch.zeros(len(numbers), SIZE, SIZE, 4, dtype=torch.uint8, device=self.device)
        clips, stills = (numbers >= 0) & (numbers < len(self.clips)), numbers >= len(self.clips)
        made[clips], made[stills] = self.clips[numbers[clips]], self.stills[numbers[stills] - len(self.clips)]
        return made.permute(0, 3, 1, 2).contiguous().float() / 255

    @torch.no_grad()
    def draw(self, specs):
        """[n, 4, 256, 256] in [0, 1], premultiplied."""
        column = {name: torch.from_numpy(np.ascontiguousarray(specs[name])).to(self.device) for name in SPEC.names}
        canvas, dyed = self.pictures(column['picture']), column['colour'] >= 0
        if dyed.any():
            canvas[dyed] = recoloured(canvas[dyed], *[column[name][dyed] for name in ('colour', 'hue', 'saturation')])
        across, down = placing(column['size'], column['x']), placing(column['size'], column['y'])
        canvas = down[:, None] @ canvas @ across[:, None].transpose(-1, -2)
        line = torch.linspace(0, 1, SIZE, device=self.device)[:, None]
        top, bottom = [column[name][:, :, None, None] for name in ('top', 'bottom')]
        clear = (1 - canvas[:, 3:]) * column['opaque'][:, None, None, None]
        return torch.cat([canvas[:, :3] + (top * (1 - line) + bottom * line) * clear, canvas[:, 3:] + clear], 1)

    def latents(self, specs, at_once=None):
        """[n, 12, 16, 16] float16, on the device."""
        at_once = at_once or (16 if self.device == 'cpu' else AT_ONCE)
        made = [encode(self.autoencoder, self.draw(specs[i:i + at_once]).contiguous(memory_format=torch.channels_last), at_once).half()
                for i in range(0, len(specs), at_once)]
        return torch.cat(made)
