"""What generated loops lack beside real ones, and what the product evens out when a loop is done.

A denoiser that is unsure makes motion too small and leaves a little noise everywhere, which flickers. So the motion of a position
is multiplied by gains that fall with its frequency around the loop, height / (1 + (f/bend)²), and, because real motion is larger
than the generated one where that is small and no larger where it is large already, with itself: half of what they change is left
at a motion of halve_at, little beyond. Decoded, what hardly differs from the first frame stands still (`sample.cored`).

Height, bend and halve_at are those that give the positions of generated loops the motion of real ones, the many that hardly move
as well as the few that move far, and their change from frame to frame: measured on clips the network was trained with, never on
those held out."""
import itertools

import numpy as np
import torch

from denoiser import FRAMES
from latents import is_held_out, load_plain
from sample import amplitude, clips, motion, with_gains

HEIGHTS, BENDS, HALVES = np.geomspace(1, 3, 12), (3, 4.5, 6), np.geomspace(.3, 2, 9)
QUANTILES = (.5, .8, .95, .98)      # of motion over all positions
TEMPERATURE = .8                    # of the starting noise
CORING = .04, .1                    # costs real clips 38 dB at worst, where the autoencoder itself has 31


def step_change(loops):
    """[n, frames, channels, h, w] -> [n]: mean absolute difference of neighbouring frames."""
    return (loops - loops.roll(-1, 1)).abs().mean((1, 2, 3, 4))


def moves(loops):
    """Latents [n, frames, …] -> what their motion is judged by, as logarithms: quantiles of positions' motion, and the change from frame to frame."""
    return torch.cat([torch.quantile(motion(loops), torch.tensor(QUANTILES)), step_change(loops).mean()[None]]).clamp(min=1e-6).log()


def gains_of(height, bend):
    """Of frequencies 0, which is what does not move and stays, to frames/2."""
    return [1.0, *(round(float(height / (1 + (f / bend)**2)), 3) for f in range(1, FRAMES // 2 + 1))]


def fitted(made, real):
    """-> the gains and halve_at that bring `made` nearest to `real`, both latents [n, frames, …]."""
    candidates = [(gains_of(height, bend), round(float(halve_at), 3)) for height, bend, halve_at in itertools.product(HEIGHTS, BENDS, HALVES)]
    aim = moves(real)
    return min(candidates, key=lambda some: (moves(with_gains(made, *some)) - aim).abs().sum().item())


def frame_gains(encoder, moving, vocabulary, data, count, steps, seed=3000):
    """Gains [frames/2 + 1], halve_at and the usual motion after them, for loops made of the real first frames of `count` training clips."""
    concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
    chosen = [concepts[i] for i in np.random.default_rng(0).choice(len(concepts), min(count, len(concepts)), replace=False)]
    latents = load_plain()[0]
    real = torch.from_numpy(np.stack([latents[concept.row] for concept in chosen])).float()
    made = clips(encoder, moving, vocabulary, real[:, 0], [concept.label for concept in chosen], seed, steps, temperature=TEMPERATURE)
    gains, halve_at = fitted(made, real)
    return gains, halve_at, round(amplitude(with_gains(made, gains, halve_at)).mean().item(), 3)
