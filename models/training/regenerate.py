"""Makes pairs of images and the latents that the keyframe denoiser restores after partial noise. The decoder learns from them.

    python3 regenerate.py 2400          # 3 min on two cores

The noise level is that of one of the last steps, so that the content is kept: beyond half noise, details move. The denoiser's
errors are smooth and structured, unlike added noise."""
import argparse
import os
import time

import numpy as np
import torch

import noise
from autoencoder import encode
from captions import caption
from compose import Composer
from data import FRAMES, Data, cache
from export import STEPS
from latents import in_parts, is_held_out, save, tensor
from sample import guided, level, solve, starting_noise
from weights import load_autoencoder, load_keyframe

STEPS_LEFT = (2, 8)          # of STEPS: at most half noise
PLAIN = .5                   # share of images that show one concept; the others are composed
BATCH = 24
PICTURES, LATENTS = 'regenerated-pictures.npy', 'regenerated.npy'


def back(networks, latents, captions, left, seed, guidance=2.25):
    """latents [n, 12, 16, 16] -> the same after adding noise and running the last `left` steps."""
    encoder, denoiser, vocabulary = networks
    alpha, sigma = level(left / STEPS)
    noisy = alpha * latents + sigma * starting_noise(len(latents), latents.shape[1:], seed, noise.KEYFRAME)
    return solve(guided(encoder, denoiser, vocabulary, captions, guidance), noisy, STEPS, left=left)


def draw(data, composer):
    """An image [256, 256, 4] in [0, 1] that is not held out, and its caption."""
    rng = composer.rng
    if rng.random() >= PLAIN:
        scene = composer.scene(allowed=lambda concept: not is_held_out(concept.row))
        return scene.render(data), scene.caption
    concept = data.concepts[rng.integers(len(data.concepts))]
    if is_held_out(concept.row):
        return draw(data, composer)
    return data.frame(concept, 0 if rng.random() < .7 else int(rng.integers(FRAMES))), caption(concept, data.common, rng)


@torch.no_grad()
def part(networks, autoencoder, number, count):
    torch.set_num_threads(1)
    data = Data()
    composer, pictures, latents = Composer(data, seed=[11, number]), [], []
    for start in range(0, count, BATCH):
        drawn = [draw(data, composer) for _ in range(min(BATCH, count - start))]
        real, left = np.stack([picture for picture, _ in drawn]), int(composer.rng.integers(STEPS_LEFT[0], STEPS_LEFT[1] + 1))
        made = back(networks, encode(autoencoder, tensor(real)), [words for _, words in drawn], left, seed=100000 * (number + 1) + start)
        pictures.append((real * 255).round().astype(np.uint8))
        latents.append(made.half().numpy())
    return np.concatenate(pictures), np.concatenate(latents)


def build(networks, autoencoder, count, workers):
    parts = in_parts(part, [(networks, autoencoder, number, -(-count // workers)) for number in range(workers)])
    save(cache('latents', PICTURES), np.concatenate([pictures for pictures, _ in parts]))
    save(cache('latents', LATENTS), np.concatenate([latents for _, latents in parts]))


def load():
    """-> pictures [n, 256, 256, 4] uint8 and latents [n, 12, 16, 16], or None."""
    if not os.path.exists(cache('latents', LATENTS)):
        return None
    return np.load(cache('latents', PICTURES), mmap_mode='r'), np.load(cache('latents', LATENTS))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('count', type=int, nargs='?', default=2400)
    parser.add_argument('--keyframe', default=cache('keyframe.pt'))
    parser.add_argument('--workers', type=int, default=2)
    options, started = parser.parse_args(), time.time()
    encoder, denoiser, vocabulary = load_keyframe(options.keyframe)
    for network in (encoder, denoiser):
        network.bfloat16().to(memory_format=torch.channels_last).requires_grad_(False)
    build((encoder, denoiser, vocabulary), load_autoencoder(cache('autoencoder.pt')), options.count, options.workers)
    print(f'regenerated: {options.count} in {time.time() - started:.0f} s')
