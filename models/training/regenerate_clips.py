"""Makes pairs of real clips and what the clip network restores after strong noise. The frame warping network (warp.py) learns
displacements from them: regenerated frames have the same artefacts as frames generated from pure noise.

    python3 regenerate_clips.py 540     # 20 min of a core"""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import noise
from autoencoder import decode
from captions import caption
from data import FRAMES, Data, cache
from denoiser import SIDE
from export import CLIP_STEPS
from latents import in_parts, is_held_out, load_plain, pool, save
from sample import clips_from, level, starting_noise
from weights import load_autoencoder, load_keyframe, load_video

STEPS_LEFT = (9, 14)         # of CLIP_STEPS: times from .56 to .88
COMPOSED = .3
BATCH, SMALLER = 4, 2        # frames are stored at half size
FILE = 'regenerated-clips.npy'


def draw(data, plain, composed, captions, rng):
    """Caption and latents [16, channels, 16, 16] of a clip that is not held out, starting at any of its frames."""
    if captions and rng.random() < COMPOSED:
        row = rng.integers(len(captions))
        words, clip = captions[row], composed[row]
    else:
        concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
        concept = concepts[rng.integers(len(concepts))]
        words, clip = caption(concept, data.common, rng), plain[concept.row]
    return words, np.roll(np.array(clip), -(0 if rng.random() < .5 else rng.integers(FRAMES)), 0)


@torch.no_grad()
def part(networks, autoencoder, number, count):
    torch.set_num_threads(1)
    encoder, moving, vocabulary = networks
    data, plain, rng, made = Data(), load_plain()[0], np.random.default_rng([12, number]), []
    composed, captions = pool()
    for start in range(0, count, BATCH):
        drawn = [draw(data, plain, composed, captions, rng) for _ in range(min(BATCH, count - start))]
        real, left = torch.from_numpy(np.stack([clip for _, clip in drawn])).float(), int(rng.integers(STEPS_LEFT[0], STEPS_LEFT[1] + 1))
        alpha, sigma = level(left / CLIP_STEPS)
        noisy = alpha * real.permute(0, 2, 1, 3, 4) + sigma * starting_noise(len(real), (moving.channels, FRAMES, SIDE, SIDE), 100000 * (number + 1) + start, noise.CLIP)
        again = clips_from(encoder, moving, vocabulary, real[:, 0], [words for words, _ in drawn], noisy, CLIP_STEPS, left=left).permute(0, 2, 1, 3, 4)
        for pair in zip(real, again):
            pictures = torch.stack([F.avg_pool2d(decode(autoencoder, clip), SMALLER) for clip in pair])
            made.append((pictures * 255).round().byte().numpy())
    return np.stack(made)


def build(networks, autoencoder, count, workers):
    parts = in_parts(part, [(networks, autoencoder, number, -(-count // workers)) for number in range(workers)])
    save(cache('latents', FILE), np.concatenate(parts))


def load():
    """-> real and regenerated clips [n, 2, 16, 4, 128, 128] uint8, premultiplied, or None."""
    return np.load(cache('latents', FILE), mmap_mode='r') if os.path.exists(cache('latents', FILE)) else None


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('count', type=int, nargs='?', default=540)
    parser.add_argument('--workers', type=int, default=2)
    options, started = parser.parse_args(), time.time()
    encoder, still, vocabulary = load_keyframe(cache('keyframe.pt'))
    moving = load_video(cache('video.pt'), still)
    for network in (encoder, moving):
        network.bfloat16().to(memory_format=torch.channels_last).requires_grad_(False)
    build((encoder, moving, vocabulary), load_autoencoder(cache('autoencoder.pt')), options.count, options.workers)
    print(f'regenerated: {options.count} clips in {time.time() - started:.0f} s')
