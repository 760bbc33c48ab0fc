"""Samples keyframes from text and clips from keyframes: DPM-Solver++ (arXiv 2211.01095), cosine schedule, the product's noise."""
import math

import numpy as np
import torch
import torch.nn.functional as F

import noise
from denoiser import FRAMES, SIDE, Clip, Keyframe


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


@torch.no_grad()
def clips(encoder, denoiser, vocabulary, first, prompts, seed=0, steps=25, text_guidance=1.0, image_guidance=1.0, gains=None, halve_at=None, aim=None, batch=4, kept=None, temperature=1.0):
    """first [n, channels, 16, 16] -> latents [n, 16, channels, 16, 16].
    gains, halve_at: see `with_gains`; aim: see `with_motion`. temperature: factor on the starting noise. Guidance: none + image·(image only − none) + text·(both − image only); terms of weight 0 are not computed."""
    made = []
    for start in range(0, len(prompts), batch):
        some = prompts[start:start + batch]
        noisy = temperature * starting_noise(len(some), (denoiser.channels, FRAMES, SIDE, SIDE), seed + start, noise.CLIP)
        x = clips_from(encoder, denoiser, vocabulary, first[start:start + batch], some, noisy, steps, text_guidance, image_guidance, kept)
        made.append(with_motion(with_gains(x.permute(0, 2, 1, 3, 4), gains, halve_at), aim))
    return torch.cat(made)


@torch.no_grad()
def clips_from(encoder, denoiser, vocabulary, first, prompts, noisy, steps, text_guidance=1.0, image_guidance=1.0, kept=None, left=None):
    """noisy [n, channels, 16, 16, 16] -> latents after all steps, or after the last `left`."""
    graph, kind, count = Clip(denoiser).eval(), next(denoiser.parameters()).dtype, len(prompts)
    given = torch.zeros(count, denoiser.channels + 1, FRAMES, SIDE, SIDE)
    given[:, :-1, 0], given[:, -1, 0] = first, 1
    cases = [(prompts, given, text_guidance)]
    if text_guidance != image_guidance or image_guidance != 1:
        cases = [(prompts, given, text_guidance), ([''] * count, given, image_guidance - text_guidance), ([''] * count, given * 0, 1 - image_guidance)]
    cases = [case for case in cases if case[2] != 0]
    ids = vocabulary.batch([prompt for case in cases for prompt in case[0]])
    text, keep, condition = encoder(ids), encoder.keep(ids).to(kind), torch.cat([case[1] for case in cases])

    def velocity(x, t):
        sample = torch.cat([x.repeat(len(cases), 1, 1, 1, 1), condition], 1).to(kind)
        parts = graph(sample, timestep(t, len(sample)), text, keep).float().chunk(len(cases))
        return sum(case[2] * part for case, part in zip(cases, parts))
    return solve(velocity, noisy, steps, kept, left)


def with_gains(loops, gains, halve_at=None):
    """Multiplies the motion in loops [n, frames, channels, …] by a gain per frequency around the loop, 0 … frames/2. The first frame
    is unchanged. halve_at: the motion of a position at which the gains' effect is halved; larger motion gets less."""
    if gains is None:
        return loops
    loops = loops.float()
    spectrum = torch.fft.rfft(loops, dim=1) * torch.tensor(gains).view(1, -1, *[1] * (loops.dim() - 2))
    made = torch.fft.irfft(spectrum, n=loops.shape[1], dim=1)
    made = loops[:, :1] + made - made[:, :1]
    return loops + (made - loops) / (1 + (motion(loops) / halve_at)**2) if halve_at else made


LEAST, MOST = .6, 2      # bounds of the factor on a whole loop's motion


def with_motion(loops, aim=None):
    """Scales the motion of every loop [n, frames, …] towards `aim`. The first frame is unchanged."""
    if aim is None:
        return loops
    factor = (aim / amplitude(loops)).clamp(LEAST, MOST)
    return loops[:, :1] + factor.view(-1, *[1] * (loops.dim() - 1)) * (loops - loops[:, :1])


def amplitude(loops):
    """Loops [n, frames, channels, h, w] -> [n]: root mean square deviation from the mean frame."""
    return ((loops - loops.mean(1, keepdim=True)) ** 2).mean((1, 2, 3, 4)).sqrt()


def motion(loops):
    """[n, frames, channels, …] -> [n, 1, 1, …]: root mean square deviation from the mean frame at every position."""
    return ((loops - loops.mean(1, keepdim=True))**2).mean((1, 2), keepdim=True).sqrt()


def cored(frames, bounds):
    """Temporal noise reduction by coring, on decoded frames [frames, channels, h, w] from 0 to 1. A pixel that differs from the first
    frame by less than bounds[0] gets the first frame's value, by more than bounds[1] it is unchanged, with a smoothstep in between.
    The difference is that of the channel that differs most, averaged over 3×3 pixels."""
    if bounds is None:
        return frames
    differs = F.avg_pool2d((frames - frames[:1]).abs().amax(1, keepdim=True), 3, 1, 1, count_include_pad=False)
    share = ((differs - bounds[0]) / (bounds[1] - bounds[0])).clamp(0, 1)
    return frames[:1] + share * share * (3 - 2 * share) * (frames - frames[:1])
