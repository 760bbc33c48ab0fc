"""Scores of keyframes for every kind of prompt. Every measure draws its own samples, in a fixed order."""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import decode, encode, on_white
from captions import article, plural
from colours import NAMES, held_out
from compose import PLACES, Placed, Scene, Thing
from evaluation import decibels
from export import STEPS
from judge import Judge, border, ceiling, name_of, nearest_colour, object_colour, rank_on_grounds
from latents import is_held_out
from regenerate import back

CORNERS = [where for where in PLACES if 'corner' in where]
UNSEEN_WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'unseen_words.json')
SHEET = ['duck', 'elephant', 'a woman doctor', 'fire engine', 'pizza', 'guitar', 'an astronaut', 'loudly crying face',
         'a purple elephant', 'a green cat', 'an orange rocket', 'a black rabbit', 'a duck on a blue background', 'a red heart on a yellow background',
         'a ghost on a purple to blue gradient background', 'a white cat on a black background',
         'a cat and a dog', 'a rocket next to a robot', 'a crown above a frog', 'a strawberry on the left and a banana on the right',
         'two cats', 'three stars', 'a tiny ghost on a black background', 'a crab in the top left corner',
         'a purple octopus next to a green frog on a yellow background', 'a purple elephant next to a small rocket on a yellow background',
         'a stallion', 'a spaceship', 'a surgeon', 'weeping', 'a cello', 'lava']


def score(evaluation):
    for measure in (unseen_frames, labels, words, grounds, bindings, pairs, twins, corners):
        evaluation.judged(measure)
    surfaces(evaluation)
    evaluation.draw('keyframes.png', on_white(evaluation.make(SHEET, 1)), SHEET)


def unseen_frames(evaluation):
    evaluation.scores['ceiling'] = ceiling(evaluation.judge, evaluation.data, np.random.default_rng(1))
    print('ceiling', evaluation.scores['ceiling'], flush=True)


def labels(evaluation):
    concepts = evaluation.some(evaluation.concepts, evaluation.count)
    pictures = evaluation.make([c.label for c in concepts], 100)
    distances = evaluation.judge.rank(pictures)
    top5 = [name_of(c.label) in set(evaluation.judge.names[np.argsort(row)[:5]]) for c, row in zip(concepts, distances)]
    more = dict(top5=round(float(np.mean(top5)), 4))
    if isinstance(evaluation.judge, Judge):       # memorization: root mean square distance to the nearest real image, colour values from 0 to 1
        more['distance_to_nearest_real'] = round(float(np.mean(distances.min(1)) / (3 * 32 * 32) ** .5), 4)
    evaluation.note('bare label', evaluation.judge.named(distances, [[c.label] for c in concepts]), **more)
    evaluation.draw('labels.png', on_white(pictures[:40]), [c.label for c in concepts[:40]])


def words(evaluation):
    common = evaluation.data.common
    named = [(c, word) for c in evaluation.concepts for word in c.keywords if common[word] == 1 and word not in c.label]
    chosen = [named[i] for i in evaluation.rng.choice(len(named), evaluation.count, replace=False)]
    evaluation.note('keywords', evaluation.named(evaluation.make([word for _, word in chosen], 400), [[c.label] for c, _ in chosen]))
    with open(UNSEEN_WORDS) as file:
        unseen = json.load(file)
    pictures = evaluation.make([article(evaluation.rng, word, bare=0, definite=0) for word in unseen], 700)
    evaluation.note('words outside every caption', evaluation.named(pictures, list(unseen.values())))


def grounds(evaluation):
    concepts = evaluation.some(evaluation.composed, evaluation.count)
    colours = [NAMES[i] for i in evaluation.rng.integers(len(NAMES), size=evaluation.count)]
    pictures = evaluation.make([f'{article(evaluation.rng, c.label, 0, 0)} on a {colour} background' for c, colour in zip(concepts, colours)], 1000)
    right = evaluation.judge.named(rank_on_grounds(evaluation.judge, pictures), [[c.label] for c in concepts])
    found, alpha = border(pictures)
    coloured = np.array([name == colour and a > .9 for name, colour, a in zip(nearest_colour(found), colours, alpha)])
    evaluation.note('on a coloured background', right & coloured, thing=round(float(right.mean()), 4), colour=round(float(coloured.mean()), 4))


def bindings(evaluation):
    """Pairs of colour and object that no composed image shows. The object is right if the nearest of all concepts recoloured alike has its name."""
    pairs = [(c, colour) for c in evaluation.composed for colour in NAMES if held_out(colour, c.label)]
    chosen = [pairs[i] for i in evaluation.rng.choice(len(pairs), evaluation.count, replace=False)]
    pictures = evaluation.make([article(evaluation.rng, f'{colour} {c.label}', 0, 0) for c, colour in chosen], 1400)
    right, coloured = dyed(evaluation, pictures, chosen), evaluation.once('colours', lambda: in_colour(evaluation, pictures, chosen))
    truth = evaluation.shown([Scene((Placed(Thing(c, colour, 0, c.label), .94, .5, .5),), None, '') for c, colour in chosen])
    true = evaluation.once('true colours', lambda: in_colour(evaluation, truth, chosen))
    evaluation.note('colour on a thing, pairs never trained on', right & coloured, thing=round(float(right.mean()), 4), colour=round(float(coloured.mean()), 4),
                    ceiling=round(float((dyed(evaluation, truth, chosen) & true).mean()), 4))
    evaluation.draw('bindings.png', on_white(pictures[:32]), [f'{colour} {c.label}' for c, colour in chosen[:32]])


def dyed(evaluation, pictures, chosen):
    """chosen: (concept, colour) of each image -> whether the object is right."""
    right = np.zeros(len(chosen), bool)
    for colour in NAMES:
        rows = [i for i, pair in enumerate(chosen) if pair[1] == colour]
        if rows:
            right[rows] = evaluation.named(pictures[rows], [[chosen[i][0].label] for i in rows], colour=colour)
    return right


def in_colour(evaluation, pictures, chosen):
    """Whether the colour is right; measured without a judge."""
    return np.array([object_colour(picture.permute(1, 2, 0).numpy(), evaluation.data.frame(concept)) == colour for picture, (concept, colour) in zip(pictures, chosen)])


def pairs(evaluation):
    left, right = [evaluation.some(evaluation.composed, evaluation.count) for _ in range(2)]
    prompts = [f'{article(evaluation.rng, a.label, 0, 0)} and {article(evaluation.rng, b.label, 0, 0)}' for a, b in zip(left, right)]
    beside(evaluation, 'two things, both right and on their sides', prompts, left, right, 1800, 'pairs.png')


def twins(evaluation):
    things = evaluation.some(evaluation.composed, evaluation.count)
    beside(evaluation, 'two of a kind, both right', [f'two {plural(c.label)}' for c in things], things, things, 2400, 'twins.png')


def beside(evaluation, name, prompts, left, right, seed, file):
    placed(evaluation, name, prompts, [((a, 'on the left'), (b, 'on the right')) for a, b in zip(left, right)], seed, file)


def corners(evaluation):
    things = evaluation.some(evaluation.composed, evaluation.count)
    where = [CORNERS[i] for i in evaluation.rng.integers(len(CORNERS), size=evaluation.count)]
    prompts = [f'{article(evaluation.rng, c.label, 0, 0)} {corner}' for c, corner in zip(things, where)]
    placed(evaluation, 'in a corner', prompts, [(one,) for one in zip(things, where)], 3600, 'corners.png')


def placed(evaluation, name, prompts, scenes, seed, file):
    """scenes: for each image the expected objects and their places. All of them have to be right."""
    pictures = evaluation.make(prompts, seed)
    truth = evaluation.shown([Scene(tuple(Placed(Thing(c, None, 0, c.label), .5, *PLACES[where]) for c, where in scene), None, '') for scene in scenes])
    evaluation.note(name, all_right(evaluation, pictures, scenes), ceiling=round(float(all_right(evaluation, truth, scenes).mean()), 4))
    evaluation.draw(file, on_white(pictures[:32]), prompts[:32])


def all_right(evaluation, pictures, scenes):
    """Each place is judged on its own, in a crop of half the image's side around a half-size object there."""
    right, pictures = np.ones(len(scenes), bool), F.interpolate(pictures, size=256, mode='area')
    for things in zip(*scenes):
        starts = [[round(part * 256) - 64 for part in PLACES[where]] for _, where in things]
        parts = torch.stack([picture[:, y:y + 128, x:x + 128] for picture, (x, y) in zip(pictures, starts)])
        right &= evaluation.named(parts, [[c.label] for c, _ in things])
    return right


def surfaces(evaluation):
    """PSNR of held-out real images after half noise and the last half of a run. It measures outlines and surfaces, not content."""
    concepts = [c for c in evaluation.concepts if is_held_out(c.row)]
    real = evaluation.native(np.stack([evaluation.data.frame(c) * 255 for c in concepts]))
    latents = encode(evaluation.autoencoder, real)
    networks = evaluation.text, evaluation.still, evaluation.vocabulary
    regenerated = back(networks, latents, [c.label for c in concepts], STEPS // 2, 5000)
    of_these, of_autoencoder = [decibels(decode(evaluation.autoencoder, some), real) for some in (regenerated, latents)]
    evaluation.scores['half noise and back'] = dict(decibels=of_these, decibels_of_autoencoder=of_autoencoder, count=len(real))
    print('half noise and back', evaluation.scores['half noise and back'], flush=True)
