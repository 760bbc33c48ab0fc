"""What the denoisers learn from: latents of every frame, of composed pictures and of composed clips, kept in the cache.

    python3 latents.py plain            # every clip and still (eight minutes on two cores)
    python3 latents.py pictures 6000    # a part of so many composed pictures; run it again for more
    python3 latents.py clips 300        # a part of so many composed clips"""
import argparse
import glob
import json
import multiprocessing
import os
import time

import numpy as np
import torch

from autoencoder import encode
from compose import Composer
from data import FRAMES, Data, cache, write_json

HELD_OUT_CLIPS = 20      # every twentieth clip, from the eighth on, is kept for evaluation


def is_held_out(row):
    return row % HELD_OUT_CLIPS == 7


def tensor(pictures):
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float()


def save(path, array):
    np.save(path + '.tmp.npy', array)
    os.replace(path + '.tmp.npy', path)


def in_parts(part, arguments):
    """part(*some) of every one of `arguments`, each by a process of its own."""
    with multiprocessing.get_context('fork').Pool(len(arguments)) as processes:
        return processes.starmap(part, arguments)


def plain(autoencoder, data):
    clips = np.stack([encode(autoencoder, tensor(data.clips[row]) / 255).half().numpy() for row in range(len(data.clips))])
    stills = np.concatenate([encode(autoencoder, tensor(data.stills[row:row + 16]) / 255).half().numpy() for row in range(0, len(data.stills), 16)])
    save(cache('latents', 'clips.npy'), clips)
    save(cache('latents', 'stills.npy'), stills)


def composed(autoencoder, data, kind, count):
    """A new part of the pool: latents [count, (16,) 12, 16, 16] and their captions."""
    part = len(glob.glob(cache('latents', f'{kind}-*.npy')))
    composer = Composer(data, seed=[1000 + part, kind == 'clips'])
    moving, latents, captions = kind == 'clips', [], []
    for _ in range(count):
        scene = composer.scene(moving, allowed=(lambda c: not is_held_out(c.row)) if moving else None)
        pictures = [scene.render(data, frame) for frame in range(FRAMES if moving else 1)]
        latents.append(encode(autoencoder, tensor(np.stack(pictures))).half().numpy())
        captions.append(scene.caption)
    path = cache('latents', f'{kind}-{part}.npy')
    write_json(path[:-3] + 'json', captions)
    save(path, np.stack(latents) if moving else np.concatenate(latents))


def pool(kind):
    """All parts of the pool: latents and captions."""
    paths = sorted(glob.glob(cache('latents', f'{kind}-*.npy')))
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
    parser.add_argument('kind', choices=('plain', 'pictures', 'clips'))
    parser.add_argument('count', type=int, nargs='?', default=6000)
    parser.add_argument('--autoencoder', default=cache('autoencoder.pt'))
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, started = load_autoencoder(options.autoencoder), time.time()
    if options.kind == 'plain':
        plain(network, Data())
    else:
        composed(network, Data(), options.kind, options.count)
    print(f'{options.kind}: {time.time() - started:.0f} s')
