"""How far generated loops move and how much they change from frame to frame, against real ones: what the product evens out.

A denoiser that is unsure makes motion too small and leaves a little noise everywhere, which flickers. Real motion is large in
few places. So gains for the frequencies around the loop fall from slow to fast, gain(f) = height / (1 + (f/bend)²), and the two
numbers are those that give generated loops the motion (root mean square deviation from the mean frame) and the change from
frame to frame (mean absolute) of real ones: measured on clips the network was trained with, never on those held out."""
import numpy as np
import torch

from denoiser import FRAMES
from latents import is_held_out, load_plain
from sample import clips, with_gains

BENDS = np.geomspace(2, 64, 41)
HIGHEST = 2.0


def amplitude(loops):
    """[n, frames, channels, h, w] -> [n]: root mean square deviation from the mean frame."""
    return ((loops - loops.mean(1, keepdim=True)) ** 2).mean((1, 2, 3, 4)).sqrt()


def step_change(loops):
    """[n, frames, channels, h, w] -> [n]: mean absolute difference of neighbouring frames."""
    return (loops - loops.roll(-1, 1)).abs().mean((1, 2, 3, 4))


def fitted(made, real):
    """The gains that bring motion and change of `made` nearest to those of `real`, both [n, frames, …]."""
    motion, change = amplitude(real).mean().item(), step_change(real).mean().item()
    best, least = None, float('inf')
    for bend in BENDS:
        shape = 1 / (1 + (np.arange(FRAMES // 2 + 1) / bend)**2)
        height = min(HIGHEST, motion / max(amplitude(with_gains(made, shape.tolist())).mean().item(), 1e-6))
        gains = [1.0, *(round(float(gain), 3) for gain in height * shape[1:])]
        evened = with_gains(made, gains)
        off = abs(np.log(amplitude(evened).mean().item() / motion)) + abs(np.log(step_change(evened).mean().item() / change))
        if off < least:
            best, least = gains, off
    return best


def frame_gains(encoder, moving, vocabulary, data, count, steps, seed=3000):
    """Gains [frames/2 + 1] for loops made of the real first frames of `count` training clips; the first, of what does not move, is one."""
    concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
    chosen = [concepts[i] for i in np.random.default_rng(0).choice(len(concepts), min(count, len(concepts)), replace=False)]
    latents = load_plain()[0]
    real = torch.from_numpy(np.stack([latents[concept.row] for concept in chosen])).float()
    made = clips(encoder, moving, vocabulary, real[:, 0], [concept.label for concept in chosen], seed, steps)
    return fitted(made, real)
