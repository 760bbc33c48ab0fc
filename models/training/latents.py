"""Training data of the denoisers: latents of all frames and of composed clips, stored in the cache. pools.py makes those of composed images.

    python3 latents.py plain            # every clip and still (eight minutes on two cores)
    python3 latents.py clips 300        # adds that many composed clips; may be repeated
    python3 latents.py varied 960       # adds that many real clips, mirrored, rotated, scaled down and shifted (nine minutes)"""
import argparse
import glob
import json
import multiprocessing
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import encode
from captions import caption
from compose import Composer
from data import FRAMES, Data, cache, write_json

MIRRORED, TURNED, SMALLEST = .6, 8, .75      # share mirrored; deviation of the rotation in degrees; smallest scale
HELD_OUT_CLIPS = 20      # every twentieth clip, from the eighth on, is kept for evaluation


def is_held_out(row):
    return row % HELD_OUT_CLIPS == 7


def tensor(pictures):
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float()


def save(path, array):
    np.save(path + '.tmp.npy', array)
    os.replace(path + '.tmp.npy', path)


def in_parts(part, arguments):
    """Calls part(*arguments) in one process per item of `arguments`."""
    with multiprocessing.get_context('fork').Pool(len(arguments)) as processes:
        return processes.starmap(part, arguments)


def plain(autoencoder, data):
    clips = np.stack([encode(autoencoder, tensor(data.clips[row]) / 255).half().cpu().numpy() for row in range(len(data.clips))])
    stills = np.concatenate([encode(autoencoder, tensor(data.stills[row:row + 16]) / 255).half().cpu().numpy() for row in range(0, len(data.stills), 16)])
    save(cache('latents', 'clips.npy'), clips)
    save(cache('latents', 'stills.npy'), stills)


def scenes(data, seed, count):
    """Yields `count` times: pictures [16, 4, 256, 256] and a caption."""
    composer = Composer(data, seed=[seed, True])
    for _ in range(count):
        scene = composer.scene(True, allowed=lambda c: not is_held_out(c.row))
        yield tensor(np.stack([scene.render(data, frame) for frame in range(FRAMES)])), scene.caption


def varied(data, seed, count):
    """Augmented real clips. Labels with "left" or "right" are dropped, since mirroring makes them wrong."""
    rng = np.random.default_rng([seed, 2])
    concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
    for _ in range(count):
        concept = concepts[rng.integers(len(concepts))]
        words, sided = caption(concept, data.common, rng), {'left', 'right', 'leftwards', 'rightwards'} & set(concept.label.split())
        yield affine(tensor(data.clips[concept.row]) / 255, rng), '' if sided else words


def affine(pictures, rng):
    size, angle = rng.uniform(SMALLEST, 1), np.deg2rad(rng.normal(0, TURNED))
    flip, (x, y) = -1 if rng.random() < MIRRORED else 1, rng.uniform(-.5, .5, 2) * (1 - size) * 2
    turned = torch.tensor([[np.cos(angle) * flip, -np.sin(angle) * flip], [np.sin(angle), np.cos(angle)]]) / size
    matrix = torch.cat([turned, -turned @ torch.tensor([[x], [y]])], 1).float()
    grid = F.affine_grid(matrix.expand(len(pictures), 2, 3), pictures.shape, align_corners=False)
    return F.grid_sample(pictures, grid, mode='bilinear', padding_mode='zeros', align_corners=False)


def composed(autoencoder, data, kind, count):
    """Writes a new part of the pool of clips: latents [count, 16, 12, 16, 16] and their captions."""
    part, latents, captions = len(glob.glob(cache('latents', 'clips-*.npy'))), [], []
    for pictures, words in (varied if kind == 'varied' else scenes)(data, 1000 + part, count):
        latents.append(encode(autoencoder, pictures).half().cpu().numpy())
        captions.append(words)
    path = cache('latents', f'clips-{part}.npy')
    write_json(path[:-3] + 'json', captions)
    save(path, np.stack(latents))


def pool():
    """All composed and varied clips: latents and captions."""
    paths = sorted(glob.glob(cache('latents', 'clips-*.npy')))
    captions = []
    for path in paths:
        with open(path[:-3] + 'json') as file:
            captions += json.load(file)
    return (np.concatenate([np.load(path) for path in paths]) if paths else None), captions


def load_plain():
    return np.load(cache('latents', 'clips.npy'), mmap_mode='r'), np.load(cache('latents', 'stills.npy'))


if __name__ == '__main__':
    from weights import load_autoencoder
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('kind', choices=('plain', 'clips', 'varied'))
    parser.add_argument('count', type=int, nargs='?', default=300)
    parser.add_argument('--autoencoder', default=cache('autoencoder.pt'))
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, started = load_autoencoder(options.autoencoder).to(options.device), time.time()
    if options.kind == 'plain':
        plain(network, Data())
    else:
        composed(network, Data(), options.kind, options.count)
    print(f'{options.kind}: {time.time() - started:.0f} s')
