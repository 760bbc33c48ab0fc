"""Training data of the keyframe denoiser: latents of all frames, stored in the cache (eight minutes on two cores). pools.py makes those of composed images.

    python3 latents.py"""
import argparse
import multiprocessing
import os
import time

import numpy as np
import torch

from autoencoder import encode
from data import Data, cache

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


def load_plain():
    return np.load(cache('latents', 'clips.npy'), mmap_mode='r'), np.load(cache('latents', 'stills.npy'))


if __name__ == '__main__':
    from weights import load_autoencoder
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--autoencoder', default=cache('autoencoder.pt'))
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, started = load_autoencoder(options.autoencoder).to(options.device), time.time()
    plain(network, Data())
    print(f'{time.time() - started:.0f} s')
