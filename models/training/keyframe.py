"""Training of the text encoder and the keyframe denoiser: batches and loss."""
import functools
import os
import time

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import pools
from captions import plural
from compose import SCENE_WORDS, WHOLE
from data import Data, cache
from denoiser import Denoiser, alpha_sigma, logistic_times
from fit import Fit
from latents import load_plain
from mixture import PLAIN, ROWS, Mixture, table
from reading import stacked, told_loss, truth
from synonyms import adopt, plurals, rare_keywords
from text import FIRST_WORD, SPECIAL, TextEncoder, Vocabulary, split
from weights import load_autoencoder, load_keyframe

NO_TEXT = 0.1            # share of captions dropped, for classifier-free guidance
NO_POOL = 0.25           # share of captions without pooled tokens, so that attention alone has to tell objects apart
TIMES = .8, 1.3         # mean and deviation of the logits of training times. Three in ten times lie below .5, where surfaces and outlines are decided
TOLD = 0.3               # weight of the supervised words and boxes
LARGE = 256              # from this batch on, word embeddings learn four times as fast as the rest, otherwise eight times
FAST = ('pool_mean', 'pool_subject', 'pool_ground', 'layout4', 'layout8', 'place', 'of_other')


def caption_words(data):
    """Every word that captions contain, most frequent first, and log(1/√count in labels), its initial importance."""
    counts, labels = {}, {}
    for concept in data.concepts:
        for word in set(split(' '.join((concept.label, *concept.keywords)))):
            counts[word] = counts.get(word, 0) + 1
        for word in set(split(concept.label)):
            labels[word] = labels.get(word, 0) + 1
    for concept in data.concepts:                     # the composer uses plurals ("two cats")
        for word in split(plural(concept.label)):
            counts.setdefault(word, 0)
    words = SCENE_WORDS + [w for w in sorted(counts, key=lambda w: (-counts[w], w)) if w not in SCENE_WORDS]
    return words, torch.tensor([0.05 if w in SCENE_WORDS[:12] else (1 + labels.get(w, 0)) ** -0.5 for w in words]).log()


def write(mixture, vocabulary, rng, count):
    """-> ids [count, TOKENS], rows of the table [count, ROWS], and the targets of each caption."""
    ids, rows, truths = [], np.zeros((count, ROWS), np.int64), []
    for i in range(count):
        pieces, boxes, some, _ = mixture(rng)
        rows[i, :len(some)] = some
        if rng.random() < NO_TEXT:
            pieces, boxes = [('', False)], (WHOLE, None)
        ids.append(vocabulary.ids(' '.join(words for words, _ in pieces)))
        truths.append(truth(pieces, boxes))
    return torch.tensor(ids), torch.from_numpy(rows), *stacked(truths)


class Writing(IterableDataset):
    """What `write` writes, for ever: a stream in each process of a DataLoader."""

    def __init__(self, mixture, vocabulary, count, seed):
        self.mixture, self.vocabulary, self.count, self.seed = mixture, vocabulary, count, seed

    def __iter__(self):
        rng = np.random.default_rng([self.seed, get_worker_info().id])
        while True:
            yield write(self.mixture, self.vocabulary, rng, self.count)


class KeyframeBatches:
    """Captions, sums of rows of a table of latents, and the known words and boxes for supervision. writers: processes that write captions and
    row numbers while the device trains; 0 to do it between steps. draw(seed) makes new pools every `redraw` minutes; 0 for never."""

    def __init__(self, data, vocabulary, library, plain=PLAIN, device='cpu', writers=0, draw=None, redraw=0):
        self.data, self.vocabulary, self.plain, self.device, self.writers, self.draw, self.redraw = data, vocabulary, plain, device, writers, draw, redraw
        self.table = table(library, load_plain()).to(device)
        self.use(library)

    def use(self, library):
        self.table[1:1 + len(library.latents)] = library.latents.to(self.device)
        self.mixture, self.stream, self.drawn = Mixture(self.data, library, self.plain), None, time.time()

    def written(self, rng, count):
        if not self.writers:
            return write(self.mixture, self.vocabulary, rng, count)
        if self.stream is None:
            writing = Writing(self.mixture, self.vocabulary, count, int(rng.integers(2**31)))
            self.stream = iter(DataLoader(writing, batch_size=None, num_workers=self.writers, prefetch_factor=8, pin_memory=self.device != 'cpu'))
        return next(self.stream)

    def __call__(self, rng, count, progress):
        if self.redraw and time.time() - self.drawn > 60 * self.redraw:
            self.use(self.draw(int(rng.integers(2**31))))
        ids, rows, *truths = [column.to(self.device, non_blocking=True) for column in self.written(rng, count)]
        return ids, self.table[rows].float().sum(1), *truths


def keyframe_loss(model, batch):
    device, kind = model['text'].position.device, model['text'].position.dtype
    ids, clean, belongs, boxes, there = [x.to(device) for x in batch]
    count = len(ids)
    t, chance = logistic_times(count, *TIMES, device=device), torch.rand(count, device=device)
    t = torch.where(chance < .1, torch.rand(count, device=device), t)
    t = torch.where(chance > .94, torch.ones_like(t), t)
    alpha, sigma = [x[:, None, None, None] for x in alpha_sigma(t)]
    noise = torch.randn_like(clean)
    noisy = (alpha * clean + sigma * noise).to(kind).contiguous(memory_format=torch.channels_last)
    keep = model['text'].keep(ids)
    says_nothing = keep[:, SPECIAL:].sum(1, keepdim=True) == 0              # an empty caption has no other tokens to attend to
    keep[:, :SPECIAL] *= (says_nothing | (torch.rand(count, 1, device=device) >= NO_POOL)).float()
    text, of_other = model['text'].read(ids)
    made = model['denoiser'](noisy, t, text, keep.to(kind))
    told = told_loss(model, text, of_other, belongs, boxes, there)
    return ((made.float() - (alpha * noise - sigma * clean)) ** 2).mean((1, 2, 3)) + TOLD * told


def keyframe_rate(name, words=8.0):
    """High rates for word embeddings and for the layers that bring text into the image: text was the bottleneck, not capacity."""
    if name == 'text.embedding.weight':
        return words
    return 3.0 if name.endswith('weight') and name.split('.')[1] in FAST + ('conv_in', 'conv_out', 'role') else 1.0


def keyframe(options, fit_options):
    data = Data()
    if options.resume or options.start:
        encoder, denoiser, vocabulary = load_keyframe(fit_options.path if options.resume else options.start)
        if not options.resume:
            for known in options.adopt:
                adopt(encoder, vocabulary, dict(keywords=rare_keywords, plurals=plurals)[known](data.concepts))
    else:
        words, importance = caption_words(data)
        vocabulary = Vocabulary(words)
        encoder, denoiser = TextEncoder(len(vocabulary)), Denoiser()
        encoder.embedding.weight.data.normal_(std=0.5)
        encoder.importance.data[FIRST_WORD:, 0] = importance
    model = nn.ModuleDict(dict(text=encoder, denoiser=denoiser)).train()
    draw = functools.partial(pools.draw, load_autoencoder(cache('autoencoder.pt')), device=options.device, processes=os.cpu_count()) if options.redraw else None
    batches = KeyframeBatches(data, vocabulary, draw(int(time.time())) if draw else pools.Pools.load(), options.plain, options.device, options.writers, draw, options.redraw)
    rate = functools.partial(keyframe_rate, words=8.0 if fit_options.batch < LARGE else 4.0)
    Fit(model, keyframe_loss, batches, fit_options, rate_of=rate, extra=vocabulary.state()).run()
