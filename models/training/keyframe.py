"""Training of the text encoder and the keyframe denoiser: batches and loss."""
import numpy as np
import torch
import torch.nn as nn

from captions import caption, plural
from compose import SCENE_WORDS, WHOLE, places_told
from data import Data
from denoiser import FRAMES, Denoiser, alpha_sigma, logistic_times
from fit import Fit
from halves import Halves
from latents import load_plain, pool
from reading import stacked, told_loss, truth
from synonyms import adopt, plurals, rare_keywords
from text import FIRST_WORD, SPECIAL, TextEncoder, Vocabulary, split
from weights import load_keyframe

NO_TEXT = 0.1            # share of captions dropped, for classifier-free guidance
NO_POOL = 0.25           # share of captions without pooled tokens, so that attention alone has to tell objects apart
TIMES = .8, 1.3         # mean and deviation of the logits of training times. Three in ten times lie below .5, where surfaces and outlines are decided
TOLD = 0.3               # weight of the supervised words and boxes
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


class KeyframeBatches:
    """A share `halves` of half-size objects, alone or in pairs. Of the rest, a share of composed images that grows from `first` to
    `last`. Otherwise a concept under one of its names. Each sample has its known words and boxes for supervision."""

    def __init__(self, data, vocabulary, first, last, halves):
        self.data, self.vocabulary, self.first, self.last, self.share = data, vocabulary, first, last, halves if Halves.exist() else 0
        clips, stills = load_plain()
        self.clips, self.stills = np.array(clips), stills
        self.composed, self.captions = pool('pictures')
        self.halves = Halves() if self.share else None
        labels = {concept.label for concept in data.concepts}
        self.places = [places_told(text, labels) for text in self.captions]
        self.rows = [row for row, places in enumerate(self.places) if places or not self.share]                    # pairs come from halves
        weights = np.array([concept.weight for concept in data.concepts])
        self.weights = weights / weights.sum()

    def draw(self, rng, progress):
        """-> caption pieces (words, whether they belong to the second object), latent, boxes; None where unknown."""
        if rng.random() < self.share:
            return self.halves(rng)[:3]
        if self.rows and rng.random() < self.first + (self.last - self.first) * progress:
            row = self.rows[rng.integers(len(self.rows))]
            places = self.places[row]
            return [(self.captions[row], None if not places or places[1] else False)], self.composed[row], places
        concept = self.data.concepts[rng.choice(len(self.data.concepts), p=self.weights)]
        latent = self.clips[concept.row, 0 if rng.random() < .8 else rng.integers(FRAMES)] if concept.animated else self.stills[concept.row]
        return [(caption(concept, self.data.common, rng), False)], latent, (WHOLE, None)

    def __call__(self, rng, count, progress):
        ids, latents, truths = [], [], []
        for _ in range(count):
            pieces, latent, places = self.draw(rng, progress)
            if rng.random() < NO_TEXT:
                pieces, places = [('', False)], (WHOLE, None)
            ids.append(self.vocabulary.ids(' '.join(words for words, _ in pieces)))
            latents.append(latent)
            truths.append(truth(pieces, places))
        return torch.tensor(ids), torch.from_numpy(np.stack(latents)).float(), *stacked(truths)


def keyframe_loss(model, batch):
    device, kind = model['text'].position.device, model['text'].position.dtype
    ids, clean, belongs, boxes, there = [x.to(device) for x in batch]
    count = len(ids)
    t, chance = logistic_times(count, *TIMES), torch.rand(count)
    t = torch.where(chance < .1, torch.rand(count), t)
    t = torch.where(chance > .94, torch.ones(count), t).to(device)
    alpha, sigma = [x[:, None, None, None] for x in alpha_sigma(t)]
    noise = torch.randn_like(clean)
    noisy = (alpha * clean + sigma * noise).to(kind).contiguous(memory_format=torch.channels_last)
    keep = model['text'].keep(ids)
    says_nothing = keep[:, SPECIAL:].sum(1, keepdim=True) == 0              # an empty caption has no other tokens to attend to
    keep[:, :SPECIAL] *= (says_nothing | (torch.rand(count, 1) >= NO_POOL).to(device)).float()
    text, of_other = model['text'].read(ids)
    made = model['denoiser'](noisy, t, text, keep.to(kind))
    told = told_loss(model, text, of_other, belongs, boxes, there)
    return ((made.float() - (alpha * noise - sigma * clean)) ** 2).mean((1, 2, 3)) + TOLD * told


def keyframe_rate(name):
    """High rates for word embeddings and for the layers that bring text into the image: text was the bottleneck, not capacity."""
    if name == 'text.embedding.weight':
        return 8.0
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
    batches = KeyframeBatches(data, vocabulary, options.composed, options.composed_last, options.halves)
    Fit(model, keyframe_loss, batches, fit_options, rate_of=keyframe_rate, extra=vocabulary.state()).run()
