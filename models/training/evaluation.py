"""The package under evaluation: its samples, the judges and the scores so far."""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

import integer
from autoencoder import decode, encode, on_white
from classifier import LearnedJudge
from data import Data, cache, composable, nameable
from export import Decoder
from judge import Judge
from latents import tensor
from read import read_package
from sample import keyframes
from sheets import sheet

LEARNED = 'by a judge that has learned'


class Evaluation:
    def __init__(self, folder, count, half, int8=False):
        self.folder, self.count, self.data = folder, count, Data()
        self.text, self.still, self.motion, self.autoencoder, self.vocabulary = read_package(folder)
        if int8:
            integer.rounded(os.path.join(folder, 'vae_decoder', 'model_int8.onnx'), Decoder(self.autoencoder))
        if half:
            for network in (self.text, self.still):
                network.bfloat16().to(memory_format=torch.channels_last)
        self.judges, self.rng, self.kept = {None: Judge(self.data)}, np.random.default_rng(0), None
        if os.path.exists(cache('classifier.pt')):
            self.judges[LEARNED] = LearnedJudge(self.judges[None], cache('classifier.pt'))
        else:
            print('no second judge in the cache: classifier.py trains it', flush=True)
        self.judge = self.judges[None]
        self.concepts, self.composed = nameable(self.data.concepts), composable(self.data.concepts)
        with open(os.path.join(folder, 'emu.json'), encoding='utf-8') as file:
            description = json.load(file)
        self.size, image, video = description['native_size'], description['image'], description['video']
        self.settings = dict(steps=image['default_steps'], guidance=image['default_guidance'])
        self.clip_steps, self.least_area = video['default_steps'], video['motion']['least_area']
        self.scores = {}

    def some(self, concepts, count):
        return [concepts[i] for i in self.rng.choice(len(concepts), min(count, len(concepts)), replace=False)]

    def judged(self, measure):
        """Runs a measure with every judge on the same samples. The second judge's scores are stored under its name."""
        scores, state, self.kept = self.scores, self.rng.bit_generator.state, {}
        for name, self.judge in self.judges.items():
            self.rng.bit_generator.state = state
            self.scores = scores.setdefault(name, {}) if name else scores
            measure(self)
        self.judge, self.scores, self.kept = self.judges[None], scores, None

    def once(self, key, make):
        """Makes a sample once and reuses it for every judge."""
        if self.kept is None:
            return make()
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def make(self, prompts, seed):
        """Picture i starts from the noise of seed + i."""
        return self.once(seed, lambda: decode(self.autoencoder, self.keyframes(prompts, seed)))

    def keyframes(self, prompts, seed):
        return keyframes(self.text, self.still, self.vocabulary, prompts, seed, **self.settings)

    def native(self, pictures):
        """[n, 256, 256, 4] uint8 -> [n, 4, s, s] in [0, 1], s the package's native size."""
        return F.interpolate(tensor(pictures) / 255, size=self.size, mode='area')

    def shown(self, scenes):
        """The composer's images after one pass through the autoencoder. The judge's score on them is the ceiling."""
        def autoencoded():
            pictures = F.interpolate(tensor([scene.render(self.data) for scene in scenes]), size=self.size, mode='area')
            return decode(self.autoencoder, encode(self.autoencoder, pictures))
        return self.once('shown', autoencoded)

    def named(self, pictures, labels, **more):
        return self.judge.named(self.judge.rank(pictures, **more), labels)

    def note(self, name, right, **more):
        right = np.asarray(right, float)
        self.scores[name] = dict(score=round(float(right.mean()), 4), count=len(right), **more)
        print(f'{name}{", " + LEARNED if self.judge is not self.judges[None] else ""}: {right.mean():.3f} of {len(right)} {more or ""}', flush=True)

    def draw(self, file, pictures, captions, **more):
        if self.judge is self.judges[None]:
            sheet(os.path.join(self.folder, file), pictures, captions, **more)


def decibels(made, real):
    """Mean PSNR over the images, on white."""
    return round(float((-10 * torch.log10(((on_white(made) - on_white(real)) ** 2).mean((1, 2, 3)))).mean()), 2)
