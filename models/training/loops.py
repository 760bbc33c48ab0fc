"""How much motion generated loops have at each frequency, against real ones: what the product evens out.

A denoiser that is unsure makes slow motion too small and leaves noise that flickers. Gains for the frequencies around the loop,
measured on clips it was trained with (never on those held out), give generated loops the power that real ones have."""
import numpy as np
import torch

from denoiser import FRAMES
from latents import is_held_out, load_plain
from sample import clips

LEAST, MOST = 0.5, 1.5


def power(loops):
    """[n, frames, …] -> [frames/2 + 1]: of the frequencies around the loop."""
    spectrum = torch.fft.rfft(loops.float(), dim=1).abs().pow(2)
    return spectrum.sum([axis for axis in range(spectrum.dim()) if axis != 1])


def frame_gains(encoder, moving, vocabulary, data, count=24, steps=25, seed=3000):
    """Gains [frames/2 + 1] for loops made of the real first frames of `count` training clips; the first, of what does not move, is one."""
    concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]
    chosen = [concepts[i] for i in np.random.default_rng(0).choice(len(concepts), min(count, len(concepts)), replace=False)]
    latents = load_plain()[0]
    real = torch.from_numpy(np.stack([latents[concept.row] for concept in chosen])).float()
    made = clips(encoder, moving, vocabulary, real[:, 0], [concept.label for concept in chosen], seed, steps)
    gains = (power(real) / power(made).clamp(min=1e-9)).sqrt().clamp(LEAST, MOST).tolist()
    return [1.0, *[round(gain, 3) for gain in gains[1:FRAMES // 2 + 1]]]
