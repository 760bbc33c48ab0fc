"""Captioned samples of the keyframe network: what is said, where things are, and the rows of a table of latents that add up to the image.

Nothing here touches a latent, so processes can draw samples while a device trains."""
from collections import namedtuple

import numpy as np
import torch

from captions import article, caption, on_ground, plural, said_together
from compose import OF_SMALL, OF_SMALLER, OF_THREE, OF_TWO, PLACES, THREE, WHOLE
from data import FRAMES
from pools import CORNERS, GROUNDS, KINDS, SIDES, SOLID, STACKED

PLAIN = .17              # share of real images
SHARES = dict(single=25, pair=25, twins=6, three=6, corner=11, place=4, small=4, diagonal=2)       # of the others
ON_GROUND, GRADIENTS, SMALLER = .42, .3, .12     # shares of pairs on a background, of gradients among these, of smaller things beside others
OTHER_FRAME = .12
ROWS = 4                 # at most this many add up: three parts and a background

# pieces: of the caption (words, whether they belong to the second object); boxes: (x, y, size) of the first object, and of the second or None;
# rows: of the table; alone: the captions of each object alone.
Sample = namedtuple('Sample', 'pieces boxes rows alone')


def table(pools, plain):
    """Latents that samples add up, [n, 12, 16, 16] float16: nothing, the pools, every frame of every clip, the stills."""
    clips, stills = [torch.from_numpy(np.array(some)) for some in plain]
    return torch.cat([torch.zeros_like(pools.latents[:1]), pools.latents, *[some.to(pools.latents.device) for some in (clips.flatten(0, 1), stills)]])


class Mixture:
    """plain: share of real images."""

    def __init__(self, data, pools, plain=PLAIN):
        self.data, self.captions, self.plain = data, pools.captions, plain
        self.first_single = 1 + len(GROUNDS) + len(pools.shown)
        self.first_clip = self.first_single + len(pools.captions)
        self.first_still = self.first_clip + len(data.clips) * FRAMES
        self.chances = np.cumsum([concept.weight for concept in data.concepts])
        self.at, variants = {}, {}
        for row, part in enumerate(pools.shown, 1 + len(GROUNDS)):
            self.at.setdefault((part.kind, part.place, part.ground), []).append((part.name, row))
            variants.setdefault(part.variant, []).append((part, row))
        self.variants = {kind: [] for kind in KINDS}                    # name, background and the rows of all places
        for some in variants.values():
            part = some[0][0]
            self.variants[part.kind].append((part.name, part.ground, [row for _, row in some]))
        self.grounds = {kind: [[ground for ground in numbers if all((kind, place, ground) in self.at for place in range(len(KINDS[kind].places)))]
                               for numbers in (range(1, SOLID + 1), range(SOLID + 1, len(GROUNDS)))] for kind in KINDS}
        self.kinds = [kind for kind in SHARES if kind != 'single' or self.captions]
        self.shares = np.cumsum([SHARES[kind] for kind in self.kinds]) / sum(SHARES[kind] for kind in self.kinds)

    def __call__(self, rng):
        if rng.random() < self.plain:
            return self.real(rng)
        return getattr(self, self.kinds[int(np.searchsorted(self.shares, rng.random()))])(rng)

    def real(self, rng):
        concept = self.data.concepts[int(np.searchsorted(self.chances, rng.random() * self.chances[-1]))]
        frame = 0 if rng.random() >= OTHER_FRAME else int(rng.integers(FRAMES))
        row = self.first_clip + concept.row * FRAMES + frame if concept.animated else self.first_still + concept.row
        return whole(caption(concept, self.data.common, rng), row)

    def single(self, rng):
        row = int(rng.integers(len(self.captions)))
        return whole(self.captions[row], self.first_single + row)

    def two_or_more(self, rng, kind, count, places, size):
        """The boxes of three are those of the lower two."""
        name, ground, rows = pick(rng, self.variants[kind])
        return on(rng, ground, [(f'{count} {plural(name)}', .5)], [(*place, size) for place in places], rows, [name, name])

    def twins(self, rng):
        return self.two_or_more(rng, 'beside', 'two', [PLACES[where] for where in SIDES], OF_TWO)

    def three(self, rng):
        return self.two_or_more(rng, 'three', 'three', THREE[:2], OF_THREE)

    def one(self, rng, kind, wheres, size):
        name, ground, rows = pick(rng, self.variants[kind])
        place = int(rng.integers(len(rows)))
        words = f'{article(rng, name)} {wheres[place]}'.strip()
        return on(rng, ground, [(words, False)], [(*KINDS[kind].places[place], size), None], rows[place:place + 1], [words])

    def corner(self, rng):
        return self.one(rng, 'corners', CORNERS, OF_TWO)

    def place(self, rng):
        return self.one(rng, 'beside', SIDES, OF_TWO) if rng.random() < .5 else self.one(rng, 'stacked', STACKED, OF_TWO)

    def small(self, rng):
        return self.one(rng, 'small', ('',), OF_SMALL)

    def diagonal(self, rng):
        ground, place = self.ground(rng, 'corners'), int(rng.integers(len(CORNERS)))
        corners = place, len(CORNERS) - 1 - place                      # CORNERS run from top left to bottom right
        (name, row), (other, other_row) = [pick(rng, self.at['corners', corner, ground]) for corner in corners]
        first, second = [f'{article(rng, some)} {CORNERS[corner]}' for some, corner in zip((name, other), corners)]
        return on(rng, ground, [(first + ' and', False), (second, True)], [(*PLACES[CORNERS[corner]], OF_TWO) for corner in corners], [row, other_row], [first, second])

    def pair(self, rng):
        beside = rng.random() < .75
        kind, wheres = ('beside', SIDES) if beside else ('stacked', STACKED)
        ground, names, boxes, rows = self.ground(rng, kind), [], [], []
        for place, where in enumerate(wheres):
            smaller = self.at.get(('smaller', place, ground)) if beside and rng.random() < SMALLER else None
            name, row = pick(rng, smaller or self.at[kind, place, ground])
            names.append(article(rng, name))
            boxes.append((*PLACES[where], OF_SMALLER if smaller else OF_TWO))
            rows.append(row)
        return on(rng, ground, said_together(rng, *names, beside), boxes, rows, names)

    def ground(self, rng, kind):
        """A background on which there is something at every place, or 0."""
        solid, gradients = self.grounds[kind]
        if not (solid or gradients) or rng.random() >= ON_GROUND:
            return 0
        return pick(rng, gradients if gradients and (not solid or rng.random() < GRADIENTS) else solid)


def pick(rng, options):
    return options[int(rng.integers(len(options)))]


def whole(words, row):
    return Sample([(words, False)], (WHOLE, None), [row], [words])


def on(rng, ground, pieces, boxes, rows, alone):
    """The sample with its background, whose words belong to the first object."""
    if ground:
        words = on_ground(rng, GROUNDS[ground][2])
        pieces, alone = [*pieces, (words, False)], [f'{some} {words}' for some in alone]
    return Sample(pieces, tuple(boxes), [*rows, 1 + ground], alone)
