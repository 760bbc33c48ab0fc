"""Half-size objects: encoded once each, composed in latent space while training, alone or as pairs beside or above one another.

    python3 halves.py           # every concept in four places, several times (5 min on two cores)

The encoder is nearly additive over separate objects: latents of a scene of two objects are the sum of each object's latents, less
the empty background's, within .025 (their deviation is .94). A few encodings per object therefore make endless pairs."""
import argparse
import json
import os
import time

import numpy as np
import torch

from autoencoder import encode
from captions import article, on_ground, plural, said_together
from colours import COLOURS, NAMES
from compose import PLACES, Composer, Placed, Scene
from data import Data, cache, composable, write_json
from latents import in_parts, save, tensor
from weights import load_autoencoder

BESIDE, STACKED = ('on the left', 'on the right'), ('at the top', 'at the bottom')
WHERE = BESIDE + STACKED
SIZE = .5                 # average size, in parts of the image's side
ALONE, TWO_OF_A_KIND, ON_GROUND, SIDE_BY_SIDE = .15, .1, .4, .75


def scene(placed, ground):
    """ground: index of the background. 0 is transparent, then the composer's colours."""
    colour = np.array(COLOURS[NAMES[ground - 1]], np.float32) / 255
    return Scene(placed, (colour, colour) if ground else None, '')


def bare(autoencoder):
    """Latents of each empty background [13, 12, 16, 16]."""
    return encode(autoencoder, tensor([scene((), ground).render(None) for ground in range(len(NAMES) + 1)]))


def part(autoencoder, share, shares):
    """-> latents, less the background's, of concepts share, share + shares, …, and what each shows: (name, place, ground)."""
    torch.set_num_threads(1)
    data = Data()
    composer, grounds, latents, shown = Composer(data, seed=[7, share]), bare(autoencoder), [], []
    rng = composer.rng
    for concept in composable(data.concepts)[share::shares]:
        for place, where in enumerate(WHERE):
            for coloured, on_ground in ((0, 0), (0, 0), (1, 0), (.35, 1)) if where in BESIDE else ((.35, 0), (.35, 1)):
                thing, ground = composer.thing(coloured, concept=concept), int(rng.integers(1, len(NAMES) + 1)) if on_ground else 0
                x, y = PLACES[where]
                aside = rng.uniform(-.05, .05) if where in BESIDE else 0
                placed = Placed(thing, rng.uniform(SIZE - .04, SIZE + .04), x, y + aside)
                picture = scene((placed,), ground).render(data)
                latents.append((encode(autoencoder, tensor([picture])) - grounds[ground])[0].half().numpy())
                shown.append((thing.name, place, ground))
    return np.stack(latents), shown


def build(autoencoder, workers):
    parts = in_parts(part, [(autoencoder, i, workers) for i in range(workers)])
    write_json(cache('latents', 'halves.json'), [item for _, shown in parts for item in shown])
    save(cache('latents', 'halves-bare.npy'), bare(autoencoder).half().numpy())
    save(cache('latents', 'halves.npy'), np.concatenate([latents for latents, _ in parts]))


class Halves:
    """Draws (caption pieces, latents, boxes, captions of each object alone). boxes: (x, y, size) of the first object, and of the second or None."""

    def __init__(self):
        self.latents, self.bare = np.load(cache('latents', 'halves.npy')), np.load(cache('latents', 'halves-bare.npy')).astype(np.float32)
        with open(cache('latents', 'halves.json')) as file:
            shown = json.load(file)
        self.names, self.rows, named = [name for name, _, _ in shown], {}, {}
        for row, (name, place, ground) in enumerate(shown):
            self.rows.setdefault((place, ground), []).append(row)
            if ground == 0 and WHERE[place] in BESIDE:
                named.setdefault(name, ([], []))[place].append(row)
        self.twins = [(name, rows) for name, rows in named.items() if all(rows)]
        self.grounds = [g for g in range(1, len(NAMES) + 1) if all((place, g) in self.rows for place in range(len(WHERE)))]

    @staticmethod
    def exist():
        return os.path.exists(cache('latents', 'halves.npy'))

    def one(self, rng, place, ground):
        rows = self.rows[place, ground]
        row = rows[rng.integers(len(rows))]
        return article(rng, self.names[row]), self.latents[row].astype(np.float32), (*PLACES[WHERE[place]], SIZE)

    def two(self, rng):
        """Two of a kind, side by side: each word of "two cats" belongs to both objects."""
        name, beside = self.twins[rng.integers(len(self.twins))]
        rows = [some[rng.integers(len(some))] for some in beside]
        latent = self.latents[rows].astype(np.float32).sum(0) + self.bare[0]
        return [(f'two {plural(name)}', .5)], latent, tuple((*PLACES[where], SIZE) for where in BESIDE), [name, name]

    def __call__(self, rng):
        if self.twins and rng.random() < TWO_OF_A_KIND:
            return self.two(rng)
        ground = self.grounds[rng.integers(len(self.grounds))] if self.grounds and rng.random() < ON_GROUND else 0
        beside, chance = rng.random() < SIDE_BY_SIDE, rng.random()
        first, other = (0, 1) if beside else (2, 3)
        if chance < ALONE:
            place = (first, other)[rng.integers(2)]
            name, latent, box = self.one(rng, place, ground)
            pieces, boxes, alone = [(f'{name} {WHERE[place]}', False)], (box, None), [name]
        else:
            (name, latent, box), (second, more, other_box) = self.one(rng, first, ground), self.one(rng, other, ground)
            pieces, latent, boxes, alone = said_together(rng, name, second, beside), latent + more, (box, other_box), [name, second]
        if ground:
            words = on_ground(rng, NAMES[ground - 1])
            pieces, alone = [*pieces, (words, False)], [f'{caption} {words}' for caption in alone]
        return pieces, latent + self.bare[ground], boxes, alone


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--workers', type=int, default=2)
    options, started = parser.parse_args(), time.time()
    build(load_autoencoder(cache('autoencoder.pt')), options.workers)
    print(f'halves: {time.time() - started:.0f} s')
