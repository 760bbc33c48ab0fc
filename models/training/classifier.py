"""The second judge: a small classifier that names what an image shows. The first, judge.py, is a nearest neighbour and is not trained.

    python3 classifier.py --minutes 8 --workers 2      # writes classifier.pt into the cache folder

It is trained on the same examples, every fourth frame of a clip and every still, at 64×64. Augmentation: shifts, small rotations,
scales of .6 to 1.05, 40 % on white and 60 % on coloured backgrounds, 30 % in the composer's colours, blur and noise. Its accuracy
is measured on frames between the examples (judge.ceiling)."""
import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from autoencoder import Block, Down, conv
from colours import NAMES, Palette, recolour
from data import Data, cache, composable
from fit import Fit, Options
from judge import Judge, on_ground, shrink
from layers import PixelNorm

SIDE, WIDTHS = 64, (24, 48, 96, 192)
WHITE, DYED, BLURRED = .4, .3, .6
DYES = 4                 # recoloured versions of each object; the colours are used in turn


class Classifier(nn.Module):
    """Images on a background, [n, 3, 64, 64] in [0, 1] -> a logit for every name."""

    def __init__(self, names):
        super().__init__()
        a, b, c, d = WIDTHS
        self.layers = nn.Sequential(
            conv(3, a, 2), nn.ReLU(), Block(a), PixelNorm(a), Down(a, b), Block(b), PixelNorm(b), Down(b, c), Block(c), PixelNorm(c), Down(c, d), Block(d), PixelNorm(d))
        self.name = nn.Linear(d * 16, names)

    def forward(self, x):
        return self.name(F.dropout(self.layers(x * 2 - 1).flatten(1), .3, self.training))


class LearnedJudge:
    """Has the interface of the judge whose examples it is trained on. It ignores size and colour: training covers them."""

    def __init__(self, judge, path=None):
        self.names, order = judge.names, {name: i for i, name in enumerate(sorted(set(judge.names)))}
        self.rows = torch.tensor([order[name] for name in self.names])
        self.network = Classifier(len(order))
        if path:
            self.network.load_state_dict({name[len('network.'):]: value for name, value in torch.load(path, map_location='cpu')['average'].items()})
            self.network.eval().requires_grad_(False)

    def rank(self, pictures, ground=None, size=1.0, colour=None):
        """-> [n, concepts]: negative logits, so the likeliest concept has the lowest value."""
        seen = on_ground(shrink(pictures, SIDE), ground)
        return -torch.cat([self.network(part) for part in seen.split(50)])[:, self.rows].numpy()

    named = Judge.named


class Examples:
    """Batches of examples, each augmented on its own, and the class indices of their names."""

    def __init__(self, judge, rows):
        self.pictures, self.rows = judge.pictures, rows
        self.dyed, composed = {}, {id(concept) for concept in composable(judge.concepts)}
        for row, concept in enumerate(judge.concepts):
            if id(concept) in composed:
                picture = self.pictures[row, 0].transpose(1, 2, 0).astype(np.float32) / 255
                dyes = [recolour(picture, NAMES[(row + 3 * i) % len(NAMES)], Palette.of(picture)) for i in range(DYES)]
                self.dyed[row] = (np.stack(dyes).transpose(0, 3, 1, 2) * 255).round().astype(np.uint8)

    def __call__(self, rng, count, progress):
        rows = rng.integers(len(self.pictures), size=count)
        some = torch.from_numpy(np.stack([
            self.dyed[row][rng.integers(DYES)] if row in self.dyed and rng.random() < DYED else self.pictures[row, rng.integers(self.pictures.shape[1])]
            for row in rows])).float() / 255
        angle, size = rng.normal(size=count) * .07, rng.uniform(.6, 1.05, count)
        turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1).reshape(count, 2, 2) / size[:, None, None]
        shift = rng.uniform(-1, 1, (count, 2, 1)) * (1.08 - size)[:, None, None] * .7
        grid = F.affine_grid(torch.from_numpy(np.concatenate([turn, shift], 2)).float(), list(some.shape), align_corners=False)
        some = F.grid_sample(some, grid, align_corners=False)
        grounds = torch.from_numpy(rng.random((count, 3, 2), dtype=np.float32))
        grounds[torch.from_numpy(rng.random(count) < WHITE)] = 1
        grounds = grounds[..., :1] + (grounds[..., 1:] - grounds[..., :1]) * torch.linspace(0, 1, SIDE) * (torch.rand(count) < .2)[:, None, None]
        some = some[:, :3] + grounds[..., None] * (1 - some[:, 3:])
        if rng.random() < BLURRED:
            some = F.interpolate(F.interpolate(some, int(rng.integers(20, SIDE)), mode='area'), SIDE, mode='bilinear', align_corners=False)
        return (some + torch.randn_like(some) * float(rng.random()) * .06).clamp(0, 1), self.rows[torch.from_numpy(rows)]


def loss_of(model, batch):
    pictures, names = batch
    device = model['network'].name.weight.device
    with torch.autocast(device.type, dtype=torch.bfloat16):
        logits = model['network'](pictures.to(device).contiguous(memory_format=torch.channels_last))
    return F.cross_entropy(logits.float(), names.to(device), label_smoothing=.1, reduction='none')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--minutes', type=float, default=8)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    options = parser.parse_args()
    judge = Judge(Data())
    learned = LearnedJudge(judge)
    examples, model = Examples(judge, learned.rows), nn.ModuleDict(dict(network=learned.network))
    Fit(model, loss_of, examples, Options(path=cache('classifier.pt'), minutes=options.minutes, batch=64, rate=1.5e-3, workers=options.workers,
                                          resume=options.resume, device=options.device, half=False, flat=.3)).run()


if __name__ == '__main__':
    main()
