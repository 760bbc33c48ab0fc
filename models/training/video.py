"""Training of the clip denoiser's own layers: batches and loss."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from captions import caption
from data import Data
from denoiser import FRAMES, SIDE, TEMPORAL, Denoiser, alpha_sigma, logistic_times, residual_error, where_given
from fit import Fit
from latents import is_held_out, load_plain, pool
from weights import load_keyframe, part, spatial

NO_IMAGE, NO_TEXT = 0.1, 0.15      # shares of first frames and captions dropped, for guidance
LAST_STEPS, NOISE_ONLY = .12, .07  # shares of times from .03 to .3, and of t = 1
STILL = .08                        # a difference from the first frame below this counts as still
TOLD = .2                          # weight of the gate's cross-entropy
FAST = 5.0                         # learning rate factor of the gate


class ClipBatches:
    """Real clips, starting at any frame, and composed ones. Every twentieth real clip is held out."""

    def __init__(self, data, vocabulary, share):
        self.data, self.vocabulary, self.share = data, vocabulary, share
        self.clips = np.array(load_plain()[0])
        self.composed, self.captions = pool()
        self.concepts = [concept for concept in data.concepts if concept.animated and not is_held_out(concept.row)]

    def __call__(self, rng, count, progress):
        ids, latents = [], []
        for composed in rng.random(count) < (self.share if self.captions else 0):
            if composed:
                row = rng.integers(len(self.captions))
                text, clip = self.captions[row], self.composed[row]
            else:
                concept = self.concepts[rng.integers(len(self.concepts))]
                text, clip = caption(concept, self.data.common, rng), self.clips[concept.row]
            ids.append(self.vocabulary.ids('' if rng.random() < NO_TEXT else text))
            latents.append(np.roll(clip, -(0 if rng.random() < .5 else rng.integers(FRAMES)), 0))
        return torch.tensor(ids), torch.from_numpy(np.stack(latents)).float()


def clip_times(count):
    """Training times: most around the middle, some of the last steps, which decide what stands still, some of pure noise."""
    kind = torch.rand(count)
    t = torch.where(kind < LAST_STEPS, .03 + .27 * torch.rand(count), logistic_times(count, .6).clamp(.03, 1))
    return torch.where(kind > 1 - NOISE_ONLY, torch.ones(count), t)


def clip_loss(model, batch, times=None, augment=True):
    """Error of the clean frames in units of the posterior's deviation. Generated keyframes are less clean than real frames, so most first frames get noise."""
    ids, clean = batch
    denoiser, device, kind = model['denoiser'], model['text'].position.device, model['text'].position.dtype
    ids, clean, count = ids.to(device), clean.to(device), len(ids)
    t = clip_times(count) if times is None else times
    given = (torch.rand(count) >= (NO_IMAGE if augment else 0)).float().view(-1, 1, 1, 1, 1).to(device)
    first = clean[:, :1]
    if augment:
        strength = torch.rand(count, 1, 1, 1, 1) * .3 * (torch.rand(count, 1, 1, 1, 1) < .6)
        first = first + torch.randn_like(first) * strength.to(device)
    first = (first * given).expand(-1, FRAMES, -1, -1, -1)
    mask = torch.zeros(count, FRAMES, 1, SIDE, SIDE, device=device)
    mask[:, 0] = given.expand(-1, 1, 1, SIDE, SIDE)[:, 0]
    with torch.no_grad():
        text = model['text'](ids)
    times = t.to(device).view(-1, 1, 1, 1, 1)
    alpha, sigma = alpha_sigma(times)
    noise = torch.randn_like(clean)
    noisy = alpha * clean + sigma * noise

    def flat(x):
        return x.reshape(-1, *x.shape[2:]).to(kind).contiguous(memory_format=torch.channels_last)
    made, moves = denoiser(flat(noisy), t.to(device), text, model['text'].keep(ids).to(kind), flat(torch.cat([first, mask], 2)))
    deviation, moves = where_given(given, denoiser.residual.float().view(1, 1, -1, 1, 1), moves.reshape(mask.shape))
    error = residual_error(noisy, first, clean, made.float().reshape(clean.shape), moves, times, deviation)
    differs = ((clean - first)**2).mean(2, keepdim=True)
    told = given * F.binary_cross_entropy(moves, differs / (differs + STILL**2), reduction='none')
    return (error**2).mean((1, 2, 3, 4)) + TOLD * told.mean((1, 2, 3, 4))


def residual_deviation(clips, rng):
    rows = [row for row in range(len(clips)) if not is_held_out(row)][::3]
    difference = np.stack([clips[row, 0].astype(np.float32) - clips[row, rng.integers(FRAMES)].astype(np.float32) for row in rows])
    return torch.from_numpy(difference.std((0, 2, 3)))


def video_rate(name):
    return FAST if 'video_moves' in name else 1.0


def is_temporal(name):
    return name.split('.')[0] == 'denoiser' and name.split('.')[1] in TEMPORAL


def video(options, fit_options):
    encoder, still, vocabulary = load_keyframe(options.keyframe)
    data = Data()
    batches = ClipBatches(data, vocabulary, options.composed)
    denoiser = Denoiser(video=True)
    denoiser.load_state_dict(spatial(still), strict=False)
    denoiser.residual.copy_(residual_deviation(batches.clips, np.random.default_rng(0)))
    if options.start:
        denoiser.load_state_dict(part(torch.load(options.start, map_location='cpu')['average'], 'denoiser'), strict=False)
    model = nn.ModuleDict(dict(text=encoder, denoiser=denoiser))
    Fit(model, clip_loss, batches, fit_options, trainable=is_temporal, rate_of=video_rate, extra=dict(residual=denoiser.residual.float().clone())).run()
