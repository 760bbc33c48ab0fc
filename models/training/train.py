"""Trains the sticker model's networks.

    python3 train.py keyframe --minutes 120 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py video    --minutes 60 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py autoencoder --minutes 45 [--start CHECKPOINT] [--resume]

Checkpoints lie in the cache folder (see data.py) and are written every three minutes; --resume goes on from the last one, with
the optimiser's state, --start begins anew from another's weights. The order: autoencoder, latents.py, keyframe, video."""
import argparse

import numpy as np
import torch
import torch.nn as nn

from captions import caption, plural
from compose import SCENE_WORDS
from data import Data, cache
from denoiser import FRAMES, SIDE, TEMPORAL, Denoiser, alpha_sigma, repeat_frames, residual_target
from fit import Fit, Options
from latents import is_held_out, load_plain, pool
from reconstruct import autoencoder
from synonyms import adopt, rare_keywords
from text import FIRST_WORD, TextEncoder, Vocabulary, split
from weights import load_keyframe, part, spatial

NO_TEXT = 0.1            # of the captions are dropped, for guidance
NO_POOL = 0.25           # of the captions come without their pooled tokens: things side by side are told apart by attention alone
NO_IMAGE = 0.1           # of the first frames of clips are dropped likewise
FAST = ('pool_mean', 'pool_subject', 'pool_ground', 'layout4', 'layout8')


def logistic_times(count, shift, scale=1.1):
    return torch.sigmoid(torch.randn(count) * scale + shift)


# Keyframe ---------------------------------------------------------------------------------------------------------------

def caption_words(data):
    """Every word a caption may hold, commonest first, and 1/√count of each in labels, where its importance starts."""
    counts, labels = {}, {}
    for concept in data.concepts:
        for word in set(split(' '.join((concept.label, *concept.keywords)))):
            counts[word] = counts.get(word, 0) + 1
        for word in set(split(concept.label)):
            labels[word] = labels.get(word, 0) + 1
    for concept in data.concepts:                     # "two cats": the composer says plurals
        for word in split(plural(concept.label)):
            counts.setdefault(word, 0)
    words = SCENE_WORDS + [w for w in sorted(counts, key=lambda w: (-counts[w], w)) if w not in SCENE_WORDS]
    return words, torch.tensor([0.05 if w in SCENE_WORDS[:12] else (1 + labels.get(w, 0)) ** -0.5 for w in words]).log()


class KeyframeBatches:
    """Composed pictures in a share that grows from `first` to `last`, else a concept under one of its names."""

    def __init__(self, data, vocabulary, first, last):
        self.data, self.vocabulary, self.first, self.last = data, vocabulary, first, last
        clips, stills = load_plain()
        self.clips, self.stills = np.array(clips), stills
        self.composed, self.captions = pool('pictures')
        weights = np.array([concept.weight for concept in data.concepts])
        self.weights = weights / weights.sum()

    def __call__(self, rng, count, progress):
        share = (self.first + (self.last - self.first) * progress) if self.captions else 0
        ids, latents = [], []
        for composed in rng.random(count) < share:
            if composed:
                row = rng.integers(len(self.captions))
                text, latent = self.captions[row], self.composed[row]
            else:
                concept = self.data.concepts[rng.choice(len(self.data.concepts), p=self.weights)]
                text = caption(concept, self.data.common, rng)
                latent = self.clips[concept.row, 0 if rng.random() < .8 else rng.integers(FRAMES)] if concept.animated else self.stills[concept.row]
            ids.append(self.vocabulary.ids('' if rng.random() < NO_TEXT else text))
            latents.append(latent)
        return torch.tensor(ids), torch.from_numpy(np.stack(latents)).float()


def keyframe_loss(model, batch):
    ids, clean = batch
    device, kind = model['text'].position.device, model['text'].position.dtype
    ids, clean, count = ids.to(device), clean.to(device), len(ids)
    t, chance = logistic_times(count, 1.3), torch.rand(count)
    t = torch.where(chance < .1, torch.rand(count), t)
    t = torch.where(chance > .94, torch.ones(count), t).to(device)
    alpha, sigma = [x[:, None, None, None] for x in alpha_sigma(t)]
    noise = torch.randn_like(clean)
    noisy = (alpha * clean + sigma * noise).to(kind).contiguous(memory_format=torch.channels_last)
    keep = model['text'].keep(ids)
    says_nothing = keep[:, 2:].sum(1, keepdim=True) == 0                    # then there is nothing else to attend to
    keep[:, :2] *= (says_nothing | (torch.rand(count, 1) >= NO_POOL).to(device)).float()
    made = model['denoiser'](noisy, t, model['text'](ids), keep.to(kind))
    return ((made.float() - (alpha * noise - sigma * clean)) ** 2).mean((1, 2, 3))


def keyframe_rate(name):
    """The words learn fastest, the way from text into the picture fast: it is text, not capacity, that held the first trials back."""
    if name == 'text.embedding.weight':
        return 8.0
    return 3.0 if name.endswith('weight') and name.split('.')[1] in FAST + ('conv_in', 'conv_out', 'role') else 1.0


def keyframe(options, fit_options):
    data = Data()
    if options.resume or options.start:
        encoder, denoiser, vocabulary = load_keyframe(fit_options.path if options.resume else options.start)
        if options.adopt and not options.resume:
            adopt(encoder, vocabulary, rare_keywords(data.concepts))
    else:
        words, importance = caption_words(data)
        vocabulary = Vocabulary(words)
        encoder, denoiser = TextEncoder(len(vocabulary)), Denoiser()
        encoder.embedding.weight.data.normal_(std=0.5)
        encoder.importance.data[FIRST_WORD:, 0] = importance
    model = nn.ModuleDict(dict(text=encoder, denoiser=denoiser)).train()
    batches = KeyframeBatches(data, vocabulary, options.composed, options.composed_last)
    Fit(model, keyframe_loss, batches, fit_options, rate_of=keyframe_rate, extra=dict(words=vocabulary.words)).run()


# Video ------------------------------------------------------------------------------------------------------------------

class ClipBatches:
    """Real clips, from any of their frames, and composed ones; every twentieth real clip is held out."""

    def __init__(self, data, vocabulary, share):
        self.data, self.vocabulary, self.share = data, vocabulary, share
        self.clips = np.array(load_plain()[0])
        self.composed, self.captions = pool('clips')
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
            ids.append(self.vocabulary.ids('' if rng.random() < 1.5 * NO_TEXT else text))
            latents.append(np.roll(clip, -(0 if rng.random() < .5 else rng.integers(FRAMES)), 0))
        return torch.tensor(ids), torch.from_numpy(np.stack(latents)).float()


def clip_loss(model, batch, times=None, augment=True):
    """Of the residual the network predicts. Keyframes are never as clean as real frames: noise is put on most first frames."""
    ids, clean = batch
    denoiser, device, kind = model['denoiser'], model['text'].position.device, model['text'].position.dtype
    ids, clean, count = ids.to(device), clean.to(device), len(ids)
    t = logistic_times(count, .6).clamp(.03, 1) if times is None else times
    if times is None:
        t = torch.where(torch.rand(count) > .93, torch.ones(count), t)
    given = (torch.rand(count) >= (NO_IMAGE if augment else 0)).float().view(-1, 1, 1, 1, 1).to(device)
    first = clean[:, :1]
    if augment:
        strength = torch.rand(count, 1, 1, 1, 1) * .3 * (torch.rand(count, 1, 1, 1, 1) < .6)
        first = first + torch.randn_like(first) * strength.to(device)
    first = (first * given).expand(-1, FRAMES, -1, -1, -1)
    mask = torch.zeros(count, FRAMES, 1, SIDE, SIDE, device=device)
    mask[:, 0] = given.expand(-1, 1, 1, SIDE, SIDE)[:, 0]
    with torch.no_grad():
        text = repeat_frames(model['text'](ids))
    times = t.to(device).view(-1, 1, 1, 1, 1)
    alpha, sigma = alpha_sigma(times)
    noise = torch.randn_like(clean)
    noisy = alpha * clean + sigma * noise
    deviation = given * denoiser.residual.float().view(1, 1, -1, 1, 1) + (1 - given)
    target = residual_target(noisy, first, clean, times, deviation)

    def flat(x):
        return x.reshape(-1, *x.shape[2:]).to(kind).contiguous(memory_format=torch.channels_last)
    made = denoiser(flat(noisy), repeat_frames(t.to(device)), text, repeat_frames(model['text'].keep(ids).to(kind)), flat(torch.cat([first, mask], 2)))
    return ((made.float().reshape(target.shape) - target) ** 2).mean((1, 2, 3, 4))


def residual_deviation(clips, rng):
    rows = [row for row in range(len(clips)) if not is_held_out(row)][::3]
    difference = np.stack([clips[row, 0].astype(np.float32) - clips[row, rng.integers(FRAMES)].astype(np.float32) for row in rows])
    return torch.from_numpy(difference.std((0, 2, 3)))


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
    Fit(model, clip_loss, batches, fit_options, trainable=is_temporal, extra=dict(residual=denoiser.residual.float().clone())).run()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('network', choices=('keyframe', 'video', 'autoencoder'))
    parser.add_argument('--minutes', type=float, required=True, help='of training, those before --resume included')
    parser.add_argument('--batch', type=int, help='32 pictures, 8 clips, 24 crops')
    parser.add_argument('--rate', type=float, help='1e-3 for keyframe and video, 1.5e-3 for the autoencoder')
    parser.add_argument('--workers', type=int, default=1, help='single-threaded processes that share a batch (CPU)')
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    parser.add_argument('--start', help='a checkpoint whose weights to begin from')
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--keyframe', help='video: the keyframe checkpoint whose spatial layers are shared')
    parser.add_argument('--composed', type=float, default=0.3, help='share of composed pictures or clips, at the start')
    parser.add_argument('--composed-last', type=float, default=0.45, help='… at the end (keyframe)')
    parser.add_argument('--adopt', action='store_true', help='keyframe: rare keywords begin as the labels they stand for (synonyms.py)')
    parser.add_argument('--decoder-only', action='store_true', help='autoencoder: the latents stay valid')
    options = parser.parse_args(arguments)
    batch, rate = dict(keyframe=(32, 1e-3), video=(8, 1e-3), autoencoder=(24, 1.5e-3))[options.network]
    batch = options.batch or batch
    if options.workers > 1 and options.device != 'cpu':
        parser.error('--workers shares a batch among CPU processes; on a GPU use one')
    if batch % options.workers:
        parser.error(f'--batch {batch} cannot be shared evenly by --workers {options.workers}')
    if options.decoder_only and not options.start:
        parser.error('--decoder-only keeps the encoder of --start: say which')
    options.keyframe = options.keyframe or cache('keyframe.pt')
    fit_options = Options(
        path=cache(dict(autoencoder='autoencoder-training.pt').get(options.network, options.network + '.pt')), minutes=options.minutes, batch=batch,
        rate=options.rate or rate, workers=options.workers, resume=options.resume, device=options.device, half=options.network != 'autoencoder',
        average=0.995 if options.network == 'video' else 0.998, decay=1e-3 if options.network == 'video' else 1e-2)
    dict(keyframe=keyframe, video=video, autoencoder=autoencoder)[options.network](options, fit_options)


if __name__ == '__main__':
    main()
