"""Supervised training of the text encoder: which words belong to which of two objects, and the boxes that the text implies.

For captions by the composer both are known, so they are supervised directly instead of through the image loss."""
import copy

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from data import Data
from fit import Fit, save
from mixture import Mixture
from pools import Pools
from text import SPECIAL, TOKENS, split
from weights import load_keyframe

SCENES = 0.75            # share of composed captions, more than half of them of two objects


def truth(pieces, places):
    """Targets of a caption, NaN where unknown: which words belong to the second object [words] (to both: .5), boxes [2, 3], whether there are two objects."""
    belongs, boxes = np.full(TOKENS - SPECIAL, np.nan, np.float32), np.full((2, 3), np.nan, np.float32)
    if not places:
        return belongs, boxes, np.float32(np.nan)
    whose = [other for words, other in pieces for _ in split(words)][:TOKENS - SPECIAL]
    belongs[:len(whose)] = whose
    for box, place in zip(boxes, places):
        box[:] = np.nan if place is None else place
    return belongs, boxes, np.float32(places[1] is not None)


def stacked(truths):
    return [torch.from_numpy(np.stack(items)) for items in zip(*truths)]


def known(loss_of, said, truth):
    """Mean loss over the known targets (not NaN)."""
    told = ~truth.isnan()                                # no boolean index: its size would have to be read from the device
    return (loss_of(said.float(), torch.where(told, truth, torch.zeros_like(truth))) * told).sum() / told.sum().clamp(min=1)


def squared(said, truth):
    return (said - truth)**2


def cross_entropy(logit, truth):
    return F.binary_cross_entropy_with_logits(logit, truth, reduction='none')


def told_loss(model, text, of_other, belongs, boxes, there):
    """Loss of the predicted word assignment, boxes, and number of objects against the known targets."""
    said, two = model['denoiser'].places(text)
    return known(cross_entropy, of_other, belongs) + known(squared, said, boxes) + known(cross_entropy, two, there)


class ReadingBatches:
    """Captions of scenes, their targets, and the captions of each object alone."""

    def __init__(self, data, vocabulary):
        self.mixture, self.ids = Mixture(data, Pools.load(), 1 - SCENES), vocabulary.ids

    def __call__(self, rng, count, progress):
        ids, alone, truths = [], [], []
        for _ in range(count):
            pieces, boxes, _, captions = self.mixture(rng)
            ids.append(self.ids(' '.join(words for words, _ in pieces)))
            alone.append([self.ids(captions[0]), self.ids(captions[-1])])
            truths.append(truth(pieces, boxes))
        return torch.tensor(ids), torch.tensor(alone), *stacked(truths)


def reading(options, fit_options):
    """Trains the text encoder of --start so that each object's tokens in a caption of two equal those of the object alone, and so that
    it predicts words and boxes, before the denoiser depends on it. Its output for one object is kept."""
    encoder, denoiser, vocabulary = load_keyframe(options.start)
    before, model = copy.deepcopy(encoder).requires_grad_(False).to(fit_options.device), nn.ModuleDict(dict(text=encoder, denoiser=denoiser))
    batches = ReadingBatches(Data(), vocabulary)

    def loss_of(model, batch):
        ids, alone, belongs, boxes, there = [x.to(fit_options.device) for x in batch]
        text, of_other = model['text'].read(ids)
        first, other = before(alone[:, 0]), before(alone[:, 1])
        two = there[:, None]
        pooled = ((text[:, 0] - first[:, 0])**2 + two * (text[:, 2] - other[:, 0])**2).mean()
        means = ((text[:, 3] - first[:, 3])**2 + two * (text[:, 4] - other[:, 3])**2).mean()
        words = ((1 - two[..., None]) * (text - before(ids))[:, SPECIAL:]**2).mean()
        return (told_loss(model, text, of_other, belongs, boxes, there) + pooled + 20 * means + words)[None]
    names = ('text.layers', 'text.norm_out', 'text.role', 'text.of_other', 'denoiser.place')
    Fit(model, loss_of, batches, fit_options, trainable=lambda name: name.startswith(names)).run()
    average = {**{name: value.float() for name, value in model.state_dict().items()}, **torch.load(fit_options.path, map_location='cpu')['average']}
    save(dict(average=average, **vocabulary.state()), fit_options.path)
