"""Pools of latents from which a keyframe batch is put together: parts of scenes, and composed images of one object.

    python3 pools.py --variants 2 --singles 6000      # on two cores; on a GPU leave both out (all of it takes seconds)

A part is an object somewhere in the image, less its bare background. The encoder is nearly additive over separate objects: latents
of a scene are the sum of its parts and the background, within .04 (their deviation is about 1). A few encodings per object
therefore make endless pairs, corners, diagonals and threes."""
import argparse
import json
import os
import time
from collections import namedtuple

import numpy as np
import torch

from colours import COLOURS, NAMES
from compose import PLACES, SMALL, THREE, Composer, Placed, Scene, palettes
from data import Data, cache, composable, write_json
from latents import in_parts, save
from studio import SPEC, Studio, spec
from weights import load_autoencoder

SIDES, STACKED = ('on the left', 'on the right'), ('at the top', 'at the bottom')
CORNERS = tuple(where for where in PLACES if 'corner' in where)
Kind = namedtuple('Kind', 'places sizes aside variants')     # aside: how far x and y may be off; variants: chances of a named colour and of a background
KINDS = dict(
    beside=Kind([PLACES[where] for where in SIDES], (.46, .54), (0, .05), ((0, 0), (.5, 1), (1, 0), (0, 1), (0, 0), (1, 0), (.5, 1))),
    stacked=Kind([PLACES[where] for where in STACKED], (.46, .54), (0, 0), ((.3, 0), (.6, 1), (.6, 0), (.3, 1))),
    corners=Kind([PLACES[where] for where in CORNERS], (.46, .54), (.015, .015), ((0, 0), (.5, 1), (1, 0), (.3, 1), (0, 0))),
    three=Kind(THREE, (.44, .48), (0, 0), ((0, 0), (.5, 1), (1, 0), (0, 1))),
    small=Kind([(.5, .5)], (.36, .5), (.05, .05), ((0, 0), (.4, 1), (.4, 0))),
    smaller=Kind([PLACES[where] for where in SIDES], (.3, .36), (0, .05), ((.3, .4),)))      # beside something of the usual size
Part = namedtuple('Part', 'kind place ground name variant')  # the parts of a variant show the same object at each of the kind's places


def grounds():
    """(top, bottom, name) of the backgrounds of parts, from number 1 on; number 0 is transparent. First SOLID of one colour, then gradients."""
    rng, colours = np.random.default_rng(77), {name: np.array(COLOURS[name], np.float32) / 255 for name in NAMES}
    near = {name: np.clip(colours[name] + rng.normal(0, 8 / 255, 3), 0, 1).astype(np.float32) for name in NAMES}
    gradients = [(NAMES[i % len(NAMES)], NAMES[(i + 1 + rng.integers(len(NAMES) - 1)) % len(NAMES)]) for i in range(2 * len(NAMES))]
    return [None, *[(some[name], some[name], name) for some in (colours, near) for name in NAMES],
            *[(colours[top], colours[bottom], f'{top} to {bottom} gradient') for top, bottom in gradients]]


GROUNDS, SOLID = grounds(), 2 * len(NAMES)


def scene(placed, ground):
    return Scene(placed, GROUNDS[ground][:2] if ground else None, '')


def parts(seed, share, shares, most):
    """Specs of the parts of concepts share, share + shares, …, at most `most` variants of each kind, and what they show."""
    composer, specs, shown = Composer(Data(), seed=[seed, 17, share]), [], []
    rng = composer.rng
    for number, concept in list(enumerate(composable(composer.data.concepts)))[share::shares]:
        for kind, (places, sizes, aside, variants) in KINDS.items():
            for turn, (coloured, grounded) in enumerate(variants[:most]):
                thing, size, off = composer.thing(coloured, concept=concept), rng.uniform(*sizes), rng.uniform(-1, 1, 2) * aside
                ground = 0 if rng.random() >= grounded else int(rng.integers(1, SOLID + 1) if rng.random() < .7 else rng.integers(SOLID + 1, len(GROUNDS)))
                name = f'{composer.pick(SMALL)} {thing.name}' if kind.startswith('small') else thing.name
                for place, (x, y) in enumerate(places):
                    specs.append(spec(scene((Placed(thing, size, x + off[0], y + off[1]),), ground), composer))
                    shown.append(Part(kind, place, ground, name, f'{kind} {number} {turn}'))
    return np.array(specs, SPEC), shown


def singles(seed, share, count):
    """Specs and captions of images of one object that fills them."""
    data = Data()
    composer, specs, captions = Composer(data, seed=[seed, 19, share], concepts=composable(data.concepts)), [], []
    for _ in range(count):
        placed, caption, grounded = composer.choose((.2, composer.one), (.76, composer.coloured), (.04, composer.large))(False)
        ground, words = composer.ground() if composer.rng.random() < grounded else (None, '')
        specs.append(spec(Scene(tuple(placed), ground, ''), composer))
        captions.append(caption + words)
    return np.array(specs, SPEC), captions


def encoded(autoencoder, specs):
    torch.set_num_threads(1)
    return Studio(Data(), autoencoder).latents(specs).numpy()


class Pools:
    """latents [n, 12, 16, 16] float16: the bare backgrounds, the parts (Part for each), images of one object (a caption for each)."""

    def __init__(self, latents, shown, captions):
        self.latents, self.shown, self.captions = latents, [Part(*part) for part in shown], captions

    @staticmethod
    def load():
        with open(cache('latents', 'pools.json'), encoding='utf-8') as file:
            return Pools(torch.from_numpy(np.load(cache('latents', 'pools.npy'))), **json.load(file))

    def save(self):
        write_json(cache('latents', 'pools.json'), dict(shown=self.shown, captions=self.captions))
        save(cache('latents', 'pools.npy'), self.latents.cpu().numpy())


def draw(autoencoder, seed, most=None, count=160000, device='cpu', processes=2):
    """New pools. Processes describe the scenes. On a CPU they encode them too, with a thread each."""
    palettes(Data())                                     # measured once, before the processes ask for them
    described = in_parts(parts, [(seed, share, processes, most) for share in range(processes)])
    some = in_parts(singles, [(seed, share, -(-count // processes)) for share in range(processes)])
    shown, captions = [part for _, shown in described for part in shown], [caption for _, captions in some for caption in captions]
    bare = np.stack([spec(scene((), ground), None) for ground in range(len(GROUNDS))])
    specs = np.concatenate([bare, *[specs for specs, _ in described], *[specs for specs, _ in some]])
    if device == 'cpu':
        latents = torch.from_numpy(np.concatenate(in_parts(encoded, [(autoencoder, some) for some in np.array_split(specs, processes)])))
    else:
        latents = Studio(Data(), autoencoder, device).latents(specs)
    own = torch.tensor([part.ground for part in shown], device=latents.device)
    latents[len(bare):len(bare) + len(shown)] -= latents[own]
    return Pools(latents, shown, captions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--variants', type=int, help='at most so many of each kind of part per object; default: all, up to seven')
    parser.add_argument('--singles', type=int, default=160000, help='images of one object')
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    parser.add_argument('--processes', type=int, default=os.cpu_count())
    options, started = parser.parse_args(), time.time()
    pools = draw(load_autoencoder(cache('autoencoder.pt')), int(started), options.variants, options.singles, options.device, options.processes)
    pools.save()
    print(f'{len(pools.shown)} parts and {len(pools.captions)} images of one object: {time.time() - started:.0f} s')


if __name__ == '__main__':
    main()
