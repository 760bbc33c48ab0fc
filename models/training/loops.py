"""Fits the gains that give generated loops the motion of real ones. The product applies them to finished latents.

An uncertain denoiser makes motion too small and leaves some noise everywhere, which flickers. The motion of a position is therefore
multiplied by gains that fall with the frequency around the loop, height / (1 + (f/bend)²). Generated motion is too small where it is
small, and large enough where it is large, so the gains' effect also falls with the motion: it is halved at a motion of halve_at.
After decoding, pixels that hardly differ from the first frame are cored (`sample.cored`).

Height, bend and halve_at are fitted to quantiles of the motion over positions and to the change from frame to frame, on training
clips, never on held-out ones."""
import itertools

import numpy as np
import torch

from denoiser import FRAMES
from latents import is_held_out, load_plain
from sample import amplitude, clips, motion, with_gains

HEIGHTS, BENDS, HALVES = np.geomspace(1, 3, 12), (3, 4.5, 6), np.geomspace(.3, 2, 9)
QUANTILES = (.5, .8, .95, .98)      # of the motion over all positions
TEMPERATURE = .8                    # of the starting noise
CORING = .04, .1                    # real clips keep at least 38 dB; the autoencoder itself has 31


def step_change(loops):
    """[n, frames, channels, h, w] -> [n]: mean absolute difference of neighbouring frames."""
    return (loops - loops.roll(-1, 1)).abs().mean((1, 2, 3, 4))


def moves(loops):
    """Latents [n, frames, …] -> logarithms of the statistics to fit: quantiles of the positions' motion, and the change from frame to frame."""
    return torch.cat([torch.quantile(motion(loops), torch.tensor(QUANTILES)), step_change(loops).mean()[None]]).clamp(min=1e-6).log()


def gains_of(height, bend):
    """Gains of the frequencies 0 (the mean frame, gain 1) to frames/2."""
    return [1.0, *(round(float(height / (1 + (f / bend)**2)), 3) for f in range(1, FRAMES // 2 + 1))]


def fitted(made, real):
    """-> the gains and halve_at that bring `made` nearest to `real`, both latents [n, frames, …]."""
    candidates = [(gains_of(height, bend), round(float(halve_at), 3)) for height, bend, halve_at in itertools.product(HEIGHTS, BENDS, HALVES)]
    aim = moves(real)
    return min(candidates, key=lambda some: (moves(with_gains(made, *some)) - aim).abs().sum().item())


def frame_gains(encoder, moving, vocabulary, data, count, steps, seed=3000):
    """Gains [frames/2 + 1], halve_at and the mean motion with them, from loops generated from the real first frames of `count` training clips."""
    concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
    chosen = [concepts[i] for i in np.random.default_rng(0).choice(len(concepts), min(count, len(concepts)), replace=False)]
    latents = load_plain()[0]
    real = torch.from_numpy(np.stack([latents[concept.row] for concept in chosen])).float()
    made = clips(encoder, moving, vocabulary, real[:, 0], [concept.label for concept in chosen], seed, steps, temperature=TEMPERATURE)
    gains, halve_at = fitted(made, real)
    return gains, halve_at, round(amplitude(with_gains(made, gains, halve_at)).mean().item(), 3)
