"""From words to keyframes, from keyframes to clips: DDIM (arXiv 2010.02502) on the cosine schedule, the product's noise."""
import numpy as np
import torch

import noise
from denoiser import FRAMES, SIDE, Clip, Keyframe, alpha_sigma


def starting_noise(count, shape, seed, stage):
    return torch.from_numpy(np.stack([noise.normal(shape, seed + i, stage) for i in range(count)]))


def ddim(velocity, x, steps, kept=None):
    """velocity(x, t) -> v, for t = 1 … 1/steps; the last step ends at t = 0 exactly (trailing time steps).
    kept: a dictionary that takes x after every step, by its number."""
    for i in range(steps):
        t, following = torch.tensor(1 - i / steps), torch.tensor(1 - (i + 1) / steps)
        alpha, sigma = alpha_sigma(t)
        v = velocity(x, t)
        clean, error = alpha * x - sigma * v, sigma * x + alpha * v
        alpha, sigma = alpha_sigma(following)
        x = alpha * clean + sigma * error
        if kept is not None:
            kept[i + 1] = x
    return x


def timestep(t, count):
    return (t * 1000 - 1).expand(count).to(torch.float32)


@torch.no_grad()
def keyframes(encoder, denoiser, vocabulary, prompts, seed=0, steps=25, guidance=2.25, batch=32, kept=None):
    """Picture i of `prompts` starts from the noise of seed + i. -> latents [n, channels, 16, 16]"""
    graph, made = Keyframe(denoiser).eval(), []
    kind = next(denoiser.parameters()).dtype
    for start in range(0, len(prompts), batch):
        some = prompts[start:start + batch]
        ids = vocabulary.batch(list(some) + [''] * len(some))
        text, keep = encoder(ids), encoder.keep(ids)

        def velocity(x, t):
            both = graph(torch.cat([x, x]).to(kind), timestep(t, 2 * len(some)), text, keep.to(kind)).float()
            with_text, without = both.chunk(2)
            return without + guidance * (with_text - without)
        made.append(ddim(velocity, starting_noise(len(some), (denoiser.channels, SIDE, SIDE), seed + start, noise.KEYFRAME), steps, kept))
    return torch.cat(made)


@torch.no_grad()
def clips(encoder, denoiser, vocabulary, first, prompts, seed=0, steps=25, text_guidance=1.0, image_guidance=1.0, batch=4, kept=None):
    """first [n, channels, 16, 16] -> latents [n, 16, channels, 16, 16].
    Guidance: none + image·(image only − none) + text·(both − image only); terms of scale 1 cancel and are not computed."""
    graph, made, channels = Clip(denoiser).eval(), [], denoiser.channels
    kind = next(denoiser.parameters()).dtype
    for start in range(0, len(prompts), batch):
        some, image = prompts[start:start + batch], first[start:start + batch]
        count = len(some)
        given = torch.zeros(count, channels + 1, FRAMES, SIDE, SIDE)
        given[:, :channels, 0], given[:, channels, 0] = image, 1
        cases = [(some, given, text_guidance)]
        if text_guidance != image_guidance or image_guidance != 1:
            cases = [(some, given, text_guidance), ([''] * count, given, image_guidance - text_guidance), ([''] * count, given * 0, 1 - image_guidance)]
        cases = [case for case in cases if case[2] != 0]
        ids = vocabulary.batch([prompt for case in cases for prompt in case[0]])
        text, keep, condition = encoder(ids), encoder.keep(ids).to(kind), torch.cat([case[1] for case in cases])

        def velocity(x, t):
            sample = torch.cat([x.repeat(len(cases), 1, 1, 1, 1), condition], 1).to(kind)
            parts = graph(sample, timestep(t, len(sample)), text, keep).float().chunk(len(cases))
            return sum(case[2] * part for case, part in zip(cases, parts))
        x = ddim(velocity, starting_noise(count, (channels, FRAMES, SIDE, SIDE), seed + start, noise.CLIP), steps, kept)
        made.append(x.permute(0, 2, 1, 3, 4))
    return torch.cat(made)
