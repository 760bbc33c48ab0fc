"""Scores a package by an independent judge (judge.py) and draws what a reader can look at.

    python3 evaluate.py ../sticker [--count 100] [--only keyframe|video|autoencoder] [--int8]

Writes evaluation.json and contact sheets into the package's folder. What is evaluated is the package itself, its weights read
back out of the graphs, with the steps and guidances that it names as its defaults. Seeds are fixed; --half computes in bfloat16, which moves scores by less than their error;
--int8 rounds as the graphs with int8 convolutions do, and writes what that gives under that name."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw

import integer
from autoencoder import decode, encode, on_white
from captions import article, plural
from compose import NAMES, PLACES, Placed, Scene, Thing, held_out
from data import CROWDS, Data, composable, nameable, write_json
from denoiser import Clip
from export import CLIP, STEPS, Decoder
from judge import Judge, border, ceiling, name_of, nearest_colour, object_colour, rank_on_grounds
from latents import is_held_out, tensor
from loops import amplitude, step_change
from read import read_package
from regenerate import back
from sample import clips, keyframes

CORNERS = [where for where in PLACES if 'corner' in where]
UNSEEN_WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'unseen_words.json')
SHEET = ['duck', 'elephant', 'a woman doctor', 'fire engine', 'pizza', 'guitar', 'an astronaut', 'loudly crying face',
         'a purple elephant', 'a green cat', 'an orange rocket', 'a black rabbit', 'a duck on a blue background', 'a red heart on a yellow background',
         'a ghost on a purple to blue gradient background', 'a white cat on a black background',
         'a cat and a dog', 'a rocket next to a robot', 'a crown above a frog', 'a strawberry on the left and a banana on the right',
         'two cats', 'three stars', 'a tiny ghost on a black background', 'a crab in the top left corner',
         'a purple octopus next to a green frog on a yellow background', 'a purple elephant next to a small rocket on a yellow background',
         'a stallion', 'a spaceship', 'a surgeon', 'weeping', 'a cello', 'lava']


def sheet(path, pictures, captions, columns=8, side=160):
    """pictures [n, 3, h, w]."""
    rows = -(-len(pictures) // columns)
    image = Image.new('RGB', (columns * side, rows * (side + 14)), 'white')
    draw = ImageDraw.Draw(image)
    for i, (picture, caption) in enumerate(zip(pictures, captions)):
        x, y = i % columns * side, i // columns * (side + 14)
        image.paste(Image.fromarray((picture.permute(1, 2, 0).numpy() * 255 + .5).astype(np.uint8)).resize((side - 4, side - 4), Image.LANCZOS), (x, y + 14))
        draw.text((x, y), caption[:26].encode('ascii', 'replace').decode(), fill='black')
    image.save(path)


class Evaluation:
    def __init__(self, folder, count, half, int8=False):
        self.folder, self.count, self.data = folder, count, Data()
        self.text, self.still, self.moving, self.autoencoder, self.vocabulary = read_package(folder)
        if int8:
            for name, graph in {CLIP: Clip(self.moving), 'vae_decoder/model': Decoder(self.autoencoder)}.items():
                integer.rounded(os.path.join(folder, name + '_int8.onnx'), graph)
        if half:
            for network in (self.text, self.still, self.moving):
                network.bfloat16().to(memory_format=torch.channels_last)
        self.judge, self.rng = Judge(self.data), np.random.default_rng(0)
        self.concepts, self.composed = nameable(self.data.concepts), composable(self.data.concepts)
        with open(os.path.join(folder, 'emu.json'), encoding='utf-8') as file:
            description = json.load(file)
        self.size, image, video = description['native_size'], description['image'], description['video']
        self.settings = dict(steps=image['default_steps'], guidance=image['default_guidance'])
        self.clip_settings = dict(steps=video['default_steps'], text_guidance=video['default_guidance'], gains=video.get('frame_gains'))
        self.scores = {}

    def some(self, concepts, count):
        return [concepts[i] for i in self.rng.choice(len(concepts), min(count, len(concepts)), replace=False)]

    def make(self, prompts, seed):
        """Picture i starts from the noise of seed + i."""
        return decode(self.autoencoder, keyframes(self.text, self.still, self.vocabulary, prompts, seed, **self.settings))

    def native(self, pictures):
        """[n, 256, 256, 4] uint8 -> [n, 4, s, s] in [0, 1], s the size the package works at."""
        return F.interpolate(tensor(pictures) / 255, size=self.size, mode='area')

    def shown(self, scenes):
        """The composer's own pictures, through the autoencoder: what the judge says of them is a ceiling."""
        pictures = F.interpolate(tensor([scene.render(self.data) for scene in scenes]), size=self.size, mode='area')
        return decode(self.autoencoder, encode(self.autoencoder, pictures))

    def note(self, name, right, **more):
        right = np.asarray(right, float)
        self.scores[name] = dict(score=round(float(right.mean()), 4), count=len(right), **more)
        print(f'{name}: {right.mean():.3f} of {len(right)} {more or ""}', flush=True)

    def keyframe(self):
        self.scores['ceiling'] = ceiling(self.judge, self.data, np.random.default_rng(1))
        print('ceiling', self.scores['ceiling'], flush=True)
        self.labels()
        self.words()
        self.grounds()
        self.bindings()
        self.pairs()
        self.twins()
        self.corners()
        self.surfaces()
        sheet(os.path.join(self.folder, 'keyframes.png'), on_white(self.make(SHEET, 1)), SHEET)

    def labels(self):
        concepts = self.some(self.concepts, self.count)
        pictures = self.make([c.label for c in concepts], 100)
        distances = self.judge.rank(pictures)
        top5 = [name_of(c.label) in set(self.judge.names[np.argsort(row)[:5]]) for c, row in zip(concepts, distances)]
        # How much it recites: the distance to the nearest real picture, as a root mean square of colour values from 0 to 1.
        nearest = float(np.mean(distances.min(1)) / (3 * 32 * 32) ** .5)
        self.note('bare label', self.judge.named(distances, [[c.label] for c in concepts]), top5=round(float(np.mean(top5)), 4), distance_to_nearest_real=round(nearest, 4))
        sheet(os.path.join(self.folder, 'labels.png'), on_white(pictures[:40]), [c.label for c in concepts[:40]])

    def words(self):
        common = self.data.common
        named = [(c, word) for c in self.concepts for word in c.keywords if common[word] == 1 and word not in c.label]
        chosen = [named[i] for i in self.rng.choice(len(named), self.count, replace=False)]
        self.note('keywords', self.judge.named(self.judge.rank(self.make([word for _, word in chosen], 400)), [[c.label] for c, _ in chosen]))
        with open(UNSEEN_WORDS) as file:
            unseen = json.load(file)
        pictures = self.make([article(self.rng, word, bare=0, definite=0) for word in unseen], 700)
        self.note('words outside every caption', self.judge.named(self.judge.rank(pictures), list(unseen.values())))

    def grounds(self):
        concepts, colours = self.some(self.composed, self.count), [NAMES[i] for i in self.rng.integers(len(NAMES), size=self.count)]
        pictures = self.make([f'{article(self.rng, c.label, 0, 0)} on a {colour} background' for c, colour in zip(concepts, colours)], 1000)
        right = self.judge.named(rank_on_grounds(self.judge, pictures), [[c.label] for c in concepts])
        found, alpha = border(pictures)
        coloured = np.array([name == colour and a > .9 for name, colour, a in zip(nearest_colour(found), colours, alpha)])
        self.note('on a coloured background', right & coloured, thing=round(float(right.mean()), 4), colour=round(float(coloured.mean()), 4))

    def bindings(self):
        """Pairs of colour and thing that no composed picture shows. The thing is right if the nearest of all concepts dyed alike has its name."""
        pairs = [(c, colour) for c in self.composed for colour in NAMES if held_out(colour, c.label)]
        chosen = [pairs[i] for i in self.rng.choice(len(pairs), self.count, replace=False)]
        pictures = self.make([article(self.rng, f'{colour} {c.label}', 0, 0) for c, colour in chosen], 1400)
        right, coloured = self.dyed(pictures, chosen)
        truth = self.shown([Scene((Placed(Thing(c, colour, 0, c.label), .94, .5, .5),), None, '') for c, colour in chosen])
        self.note('colour on a thing, pairs never trained on', right & coloured, thing=round(float(right.mean()), 4), colour=round(float(coloured.mean()), 4),
                  ceiling=round(float(np.logical_and(*self.dyed(truth, chosen)).mean()), 4))
        sheet(os.path.join(self.folder, 'bindings.png'), on_white(pictures[:32]), [f'{colour} {c.label}' for c, colour in chosen[:32]])

    def dyed(self, pictures, chosen):
        """chosen: (concept, colour) of each picture -> whether the thing is right, whether the colour is."""
        right, coloured = np.zeros(len(chosen), bool), np.zeros(len(chosen), bool)
        for colour in NAMES:
            rows = [i for i, pair in enumerate(chosen) if pair[1] == colour]
            if rows:
                right[rows] = self.judge.named(self.judge.rank(pictures[rows], colour=colour), [[chosen[i][0].label] for i in rows])
        for i, (concept, colour) in enumerate(chosen):
            coloured[i] = object_colour(pictures[i].permute(1, 2, 0).numpy(), self.data.frame(concept)) == colour
        return right, coloured

    def pairs(self):
        left, right = self.some(self.composed, self.count), self.some(self.composed, self.count)
        self.beside('two things, both right and on their sides', [f'{article(self.rng, a.label, 0, 0)} and {article(self.rng, b.label, 0, 0)}' for a, b in zip(left, right)],
                    left, right, 1800, 'pairs.png')

    def twins(self):
        things = self.some(self.composed, self.count)
        self.beside('two of a kind, both right', [f'two {plural(c.label)}' for c in things], things, things, 2400, 'twins.png')

    def beside(self, name, prompts, left, right, seed, file):
        self.placed(name, prompts, [((a, 'on the left'), (b, 'on the right')) for a, b in zip(left, right)], seed, file)

    def corners(self):
        things, where = self.some(self.composed, self.count), [CORNERS[i] for i in self.rng.integers(len(CORNERS), size=self.count)]
        self.placed('in a corner', [f'{article(self.rng, c.label, 0, 0)} {corner}' for c, corner in zip(things, where)], [(one,) for one in zip(things, where)], 3600, 'corners.png')

    def placed(self, name, prompts, scenes, seed, file):
        """scenes: of each picture the things it shall show, and where; all of them have to be right."""
        pictures = self.make(prompts, seed)
        truth = self.shown([Scene(tuple(Placed(Thing(c, None, 0, c.label), .5, *PLACES[where]) for c, where in scene), None, '') for scene in scenes])
        self.note(name, self.all_right(pictures, scenes), ceiling=round(float(self.all_right(truth, scenes).mean()), 4))
        sheet(os.path.join(self.folder, file), on_white(pictures[:32]), prompts[:32])

    def all_right(self, pictures, scenes):
        """Each place is judged by itself: a part of the picture, half as wide, around where a thing of half the size stands."""
        right, pictures = np.ones(len(scenes), bool), F.interpolate(pictures, size=256, mode='area')
        for things in zip(*scenes):
            starts = [[round(part * 256) - 64 for part in PLACES[where]] for _, where in things]
            parts = torch.stack([picture[:, y:y + 128, x:x + 128] for picture, (x, y) in zip(pictures, starts)])
            right &= self.judge.named(self.judge.rank(parts), [[c.label] for c, _ in things])
        return right

    def surfaces(self):
        """How near to the real pictures, which the decoder has not seen, come their latents after the last half of a run: outlines and surfaces, not what is shown."""
        concepts = [c for c in self.concepts if is_held_out(c.row)]
        real = self.native(np.stack([self.data.frame(c) * 255 for c in concepts]))
        latents = encode(self.autoencoder, real)
        regenerated = back((self.text, self.still, self.vocabulary), latents, [c.label for c in concepts], STEPS // 2, 5000)
        of_these, of_autoencoder = [decibels(decode(self.autoencoder, some), real) for some in (regenerated, latents)]
        self.scores['half noise and back'] = dict(decibels=of_these, decibels_of_autoencoder=of_autoencoder, count=len(real))
        print('half noise and back', self.scores['half noise and back'], flush=True)

    def reconstruction(self):
        rows = [row for row in range(len(self.data.clips)) if is_held_out(row)]
        full, half, haze = [], [], []
        for row in rows:
            real = self.native(self.data.clips[row, [0, 9]])
            with torch.no_grad():
                made = self.autoencoder.decode(self.autoencoder.encode(real))
            full.append(decibels(made, real))
            half.append(decibels(F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)))
            haze.append(float((made[:, 3][real[:, 3] == 0] > 1 / 510).float().mean()))
        self.scores['autoencoder'] = dict(size=self.size, decibels=round(float(np.mean(full)), 2), decibels_halved=round(float(np.mean(half)), 2),
                                          not_clear_where_nothing_is=round(float(np.mean(haze)), 4), count=2 * len(rows))
        print('autoencoder', self.scores['autoencoder'], flush=True)

    def video(self):
        """Held-out clips from their real first frame, in latents decoded by the same decoder on both sides; then generated keyframes."""
        concepts = [c for c in self.data.concepts if c.animated and is_held_out(c.row) and c.label.split(':')[0] not in CROWDS][:max(8, self.count // 6)]
        real, made = [], []
        for start in range(0, len(concepts), 4):
            some = concepts[start:start + 4]
            with torch.no_grad():
                latents = torch.stack([self.autoencoder.encode(self.native(self.data.clips[c.row])) for c in some])
            produced = clips(self.text, self.moving, self.vocabulary, latents[:, 0], [c.label for c in some], seed=2000 + start, **self.clip_settings)
            for a, b in zip(latents, produced):
                real.append(shrunk(decode(self.autoencoder, a)))
                made.append(shrunk(decode(self.autoencoder, b)))
        real, made = torch.stack(real), torch.stack(made)
        motion = amplitude(made).mean() / amplitude(real).mean()
        change = step_change(made).mean() / step_change(real).mean()
        still = ((real - real.mean(1, keepdim=True)).abs().amax((1, 2)) < .02)                    # pixels that never move in the real clip
        made_still, real_still = [(x - x.roll(-1, 1)).abs().mean((1, 2))[still].mean() for x in (made, real)]
        correlation = float(np.corrcoef(amplitude(made).numpy(), amplitude(real).numpy())[0, 1])
        self.scores['motion'] = dict(amplitude=round(float(motion), 3), correlation=round(correlation, 3), frame_to_frame=round(float(change), 3),
                                     change_where_still=round(float(made_still), 5), real_change_where_still=round(float(real_still), 5), count=len(concepts))
        print('motion', self.scores['motion'], flush=True)
        rows = [x for pair in zip(made[:6], real[:6]) for x in pair]
        sheet(os.path.join(self.folder, 'held-out-clips.png'), [frame for row in rows for frame in row[::2]],
              [c.label + kind for c in concepts[:6] for kind in (' (made)', ' (real)') for _ in range(8)])
        self.identity()

    def identity(self):
        concepts = self.some([c for c in self.concepts if c.animated], max(8, self.count // 8))
        prompts = [c.label for c in concepts]
        first = keyframes(self.text, self.still, self.vocabulary, prompts, 3000, **self.settings)
        produced = clips(self.text, self.moving, self.vocabulary, first, prompts, seed=3000, **self.clip_settings)
        kept, rows = [], []
        for clip in produced:
            pictures = decode(self.autoencoder, clip)
            nearest = self.judge.names[self.judge.rank(pictures[::3]).argmin(1)]
            kept.append(np.mean(nearest[1:] == nearest[0]))
            rows += list(on_white(pictures)[::2])
        self.note('identity: frames named as their keyframe is', kept)
        sheet(os.path.join(self.folder, 'clips.png'), rows, [prompt for prompt in prompts for _ in range(8)], side=120)


def decibels(made, real):
    """Mean over the pictures, on white."""
    return round(float((-10 * torch.log10(((on_white(made) - on_white(real)) ** 2).mean((1, 2, 3)))).mean()), 2)


def shrunk(pictures):
    return F.adaptive_avg_pool2d(on_white(pictures), 128)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--count', type=int, default=100, help='samples of a measure')
    parser.add_argument('--only', choices=('keyframe', 'video', 'autoencoder'))
    parser.add_argument('--half', action='store_true')
    parser.add_argument('--int8', action='store_true')
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    started, evaluation = time.time(), Evaluation(options.folder, options.count, options.half, options.int8)
    path = os.path.join(options.folder, 'evaluation.json')
    scores = {}
    if os.path.exists(path):
        with open(path) as file:
            scores = json.load(file)
    evaluation.scores = scores.setdefault('int8', {}) if options.int8 else scores
    for name, step in (('autoencoder', evaluation.reconstruction), ('keyframe', evaluation.keyframe), ('video', evaluation.video)):
        if options.only in (None, name):
            step()
            write_json(path, scores, indent=1)
    print(f'{time.time() - started:.0f} s')


if __name__ == '__main__':
    main()
