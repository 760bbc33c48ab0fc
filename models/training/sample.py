"""Samples keyframes from text: DPM-Solver++ (arXiv 2211.01095), cosine schedule, the product's noise."""
import math

import numpy as np
import torch

import noise
from denoiser import SIDE, Keyframe


def starting_noise(count, shape, seed, stage):
    return torch.from_numpy(np.stack([noise.normal(shape, seed + i, stage) for i in range(count)]))


SMALLEST_ALPHA = 2.0**-12        # at t = 1 (pure noise), as in diffusers


def solve(velocity, x, steps, kept=None, left=None):
    """DPM-Solver++(2M) as in diffusers and the engine: integer timesteps, trailing spacing; first order in the first and in the
    last step, which ends at t = 0. velocity(x, t) -> v. kept: a dictionary that receives x after every step, by step number.
    left: number of remaining steps; None: all."""
    times = [round(1000 - i * 1000 / steps) / 1000 for i in range(steps)][-(left or steps):]
    last, length = None, 0.0
    for i, t in enumerate(times):
        alpha, sigma = level(t)
        clean = alpha * x - sigma * velocity(x, torch.tensor(t))
        if i + 1 == len(times):
            x = clean
        else:
            next_alpha, next_sigma = level(times[i + 1])
            h = math.log(next_alpha / next_sigma) - math.log(alpha / sigma)
            guess = clean if last is None else clean + (clean - last) * h / (2 * length)
            x, last, length = next_sigma / sigma * x + (next_alpha - next_sigma / sigma * alpha) * guess, clean, h
        if kept is not None:
            kept[i + 1] = x
    return x


def level(t):
    alpha = max(math.cos(t * math.pi / 2), SMALLEST_ALPHA)
    return alpha, math.sqrt(1 - alpha**2)


def timestep(t, count):
    return (t * 1000 - 1).expand(count).to(torch.float32)


@torch.no_grad()
def keyframes(encoder, denoiser, vocabulary, prompts, seed=0, steps=25, guidance=2.25, batch=32, kept=None):
    """Keyframes of `prompts`; prompt i uses the noise of seed + i. -> latents [n, channels, 16, 16]"""
    made = []
    for start in range(0, len(prompts), batch):
        some = prompts[start:start + batch]
        started = starting_noise(len(some), (denoiser.channels, SIDE, SIDE), seed + start, noise.KEYFRAME)
        made.append(solve(guided(encoder, denoiser, vocabulary, some, guidance), started, steps, kept))
    return torch.cat(made)


def guided(encoder, denoiser, vocabulary, prompts, guidance):
    """-> velocity(x, t) with classifier-free guidance for `prompts`."""
    graph, kind, count = Keyframe(denoiser).eval(), next(denoiser.parameters()).dtype, len(prompts)
    ids = vocabulary.batch(list(prompts) + [''] * count)
    text, keep = encoder(ids), encoder.keep(ids).to(kind)

    def velocity(x, t):
        with_text, without = graph(torch.cat([x, x]).to(kind), timestep(t, 2 * count), text, keep).float().chunk(2)
        return without + guidance * (with_text - without)
    return velocity
