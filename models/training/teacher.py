"""The teacher of motion: an autoencoder of how a frame of a clip differs from the first one.

It tells the first guess of a real clip's flow (flows.py improves it), and its view of the first frame (`features`) is what the flow
denoiser looks at. Trained on pairs of frames by what `coverage · warp(first, flow) + layer` misses; coverage and layer are for that
training only.

    python3 train.py teacher --minutes 120"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from data import FRAMES, SIZE
from fit import Fit

WIDTHS, CODE = (40, 80, 128, 192), 12          # channels at 64, 32, 16 and 8; of the code at 8×8
REACH = .5                                     # largest displacement that is easy to say, in parts of the picture
PATCH, CELLS = 4, 16                           # pixels of a side that one position of the first layer sees; cells of a side of a flow


class Conv(nn.Conv2d):
    def __init__(self, inputs, outputs, kernel=3, stride=1, std=None):
        super().__init__(inputs, outputs, kernel, stride, kernel // 2)
        nn.init.zeros_(self.bias)
        nn.init.kaiming_normal_(self.weight) if std is None else nn.init.normal_(self.weight, std=std)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.conv2 = Conv(channels, channels), Conv(channels, channels)
        self.conv2.weight.data *= .2

    def forward(self, x):
        return F.relu(x + self.conv2(F.relu(self.conv1(x))))


class Down(nn.Module):
    """[n, inputs · 16, 64, 64] (pixels unshuffled by four) -> features at 64, 32, 16 and 8."""

    def __init__(self, inputs):
        super().__init__()
        a, b, c, d = WIDTHS
        self.enter, self.b64 = Conv(inputs * PATCH**2, a), Block(a)
        self.d32, self.b32 = Conv(a, b, stride=2), Block(b)
        self.d16, self.b16 = Conv(b, c, stride=2), nn.Sequential(Block(c), Block(c))
        self.d8, self.b8 = Conv(c, d, stride=2), nn.Sequential(Block(d), Block(d))

    def forward(self, x):
        h64 = self.b64(F.relu(self.enter(x)))
        h32 = self.b32(F.relu(self.d32(h64)))
        h16 = self.b16(F.relu(self.d16(h32)))
        return h64, h32, h16, self.b8(F.relu(self.d8(h16)))


class Features(nn.Module):
    """First frames [n, 4, 256, 256], premultiplied, 0 to 1 -> features at 64, 32, 16 and 8."""

    def __init__(self):
        super().__init__()
        self.first = Down(4)

    def forward(self, first):
        return self.first(F.pixel_unshuffle(first, PATCH))


class Teacher(Features):
    def __init__(self):
        super().__init__()
        a, b, c, d = WIDTHS
        self.both, self.code = Down(12), Conv(d, CODE, 1)
        self.j8, self.m8 = Conv(d + CODE, d), Block(d)
        self.u16, self.j16, self.m16 = Conv(d, c), Conv(2 * c, c, 1), Block(c)
        self.u32, self.j32, self.m32 = Conv(c, b), Conv(2 * b, b, 1), Block(b)
        self.u64, self.j64, self.m64 = Conv(b, a), Conv(2 * a, a, 1), nn.Sequential(Block(a), Block(a))
        self.flow, self.pixels = Conv(a, 2, std=3e-3), Conv(a, 5 * PATCH**2, std=3e-3)

    def difference(self, first, frame):
        """[n, 4, 256, 256] twice -> code [n, CODE, 8, 8]."""
        return self.code(self.both(F.pixel_unshuffle(torch.cat([first, frame, (frame - first) * 2], 1), PATCH))[3])

    def decode(self, features, code):
        """-> [n, channels, 64, 64], of which `flow` and `pixels` read what moves and what is new."""
        h64, h32, h16, h8 = features
        h = self.m8(F.relu(self.j8(torch.cat([h8, code], 1))))
        for name, skipped in ((16, h16), (32, h32), (64, h64)):
            up, join, mix = [getattr(self, kind + str(name)) for kind in 'ujm']
            h = mix(F.relu(join(torch.cat([F.relu(up(F.interpolate(h, scale_factor=2., mode='nearest'))), skipped], 1))))
        return h

    def flows(self, first, frames):
        """First frame [1, 4, 256, 256] and frames [n, 4, 256, 256] -> flows [n, 2, CELLS, CELLS]: where each place of the frame is
        in the first one, less the place itself, in parts of the picture."""
        features = [h.expand(len(frames), -1, -1, -1) for h in self(first)]
        h = self.decode(features, self.difference(first.expand_as(frames), frames))
        return F.adaptive_avg_pool2d(self.flow(h) * REACH, CELLS)

    def forward_pair(self, first, frame):
        """-> the frame rebuilt, and the first one warped."""
        h = self.decode(self(first), self.difference(first, frame))
        pixels = F.pixel_shuffle(self.pixels(h), PATCH)
        warped = shifted(first, F.interpolate(self.flow(h) * REACH, size=SIZE, mode='bilinear', align_corners=False))
        return torch.sigmoid(pixels[:, :1] * 4 + 3) * warped + pixels[:, 1:], warped


def shifted(first, flow, mode='bilinear'):
    """Pictures [n, channels, s, s] read at every pixel's place plus flow [n, 2, s, s] (in parts of the picture; x, then y)."""
    line = (torch.arange(first.shape[-1], device=first.device) + .5) / first.shape[-1]
    grid = torch.stack([flow[:, 0] + line, flow[:, 1] + line[:, None]], -1) * 2 - 1
    return F.grid_sample(first, grid, mode=mode, padding_mode='border', align_corners=False)


def teacher_loss(network, batch):
    first, frame = [x.to(network.code.weight.device).float() / 255 for x in batch]
    made, warped = network.forward_pair(first, frame)
    return sum(weight * (x - frame).abs().mean((1, 2, 3)) for weight, x in ((1, made), (.5, warped)))


def pairs(clips, rows, rng, count, progress):
    """A clip's frame and another of its frames, half of them mirrored."""
    first, frame = [], []
    for _ in range(count):
        clip, (i, j), step = clips[rows[rng.integers(len(rows))]], rng.choice(FRAMES, 2, replace=False), rng.choice((1, -1))
        first.append(clip[i][:, ::step])
        frame.append(clip[j][:, ::step])
    return [torch.from_numpy(np.stack(some)).permute(0, 3, 1, 2) for some in (first, frame)]


def load_teacher(path, kind=Teacher):
    """kind: Teacher, or Features for the part that the package has."""
    state, network = torch.load(path, map_location='cpu'), kind()
    state = state.get('average', state)
    network.load_state_dict({name: state[name].float() for name in network.state_dict()})
    return network.eval().requires_grad_(False)


def teacher(options, fit_options):
    from data import Data
    from latents import is_held_out
    clips = Data().clips
    rows = [row for row in range(len(clips)) if not is_held_out(row)]
    network = load_teacher(options.start).requires_grad_(True).train() if options.start else Teacher()
    Fit(network, teacher_loss, lambda *some: pairs(clips, rows, *some), fit_options).run()
