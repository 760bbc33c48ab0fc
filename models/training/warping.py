"""Training of the frame warping network (warp.py) on clips regenerated after noise (regenerate_clips.py), with the real clips as
targets. The warped image has its own loss term, so that displacements are learned even where decoded frames are preferred."""
import numpy as np
import torch

import regenerate_clips
from autoencoder import multiscale_loss
from data import FRAMES
from fit import Fit
from warp import Warp, load_warp, warped

ALONE, SMOOTH, SURE = .5, .3, .02    # weights of the warped image's error, of differing neighbouring displacements, of low confidence


def warp_loss(network, batch):
    """batch: real, regenerated and first frames [n, 4, s, s], uint8."""
    real, frames, first = [x.to(network.enter.weight.device).float() / 255 for x in batch]
    made, picture, share, displacements = warped(network, frames, first)
    rough = (displacements[..., 1:] - displacements[..., :-1]).abs().mean() + (displacements[..., 1:, :] - displacements[..., :-1, :]).abs().mean()
    unsure = (share * (1 - share)).mean() + (1 - share).mean()
    return (multiscale_loss(made, real) + ALONE * multiscale_loss(picture, real) + SMOOTH * rough + SURE * unsure)[None]


def frame_batches(clips, rng, count, progress):
    """Random frames of clips [n, 2, 16, 4, s, s] (real, regenerated), half of them mirrored."""
    real, made, first = [], [], []
    for _ in range(count):
        clip, frame = clips[rng.integers(len(clips))], rng.integers(FRAMES)
        step = -1 if rng.random() < .5 else 1
        for some, picture in ((real, clip[0, frame]), (made, clip[1, frame]), (first, clip[1, 0])):
            some.append(picture[..., ::step])
    return [torch.from_numpy(np.stack(some)) for some in (real, made, first)]


def warp(options, fit_options):
    clips = regenerate_clips.load()
    if clips is None:
        raise SystemExit('there are no regenerated clips to learn from: python3 regenerate_clips.py makes some')
    network = load_warp(options.start).requires_grad_(True).train() if options.start else Warp()
    Fit(network, warp_loss, lambda *some: frame_batches(clips, *some), fit_options).run()
