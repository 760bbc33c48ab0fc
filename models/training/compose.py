"""Composes captioned images and clips from the emoji: recoloured, placed, scaled, counted, paired, on backgrounds.

A scene is data (objects, positions, sizes, colours, background) and can be rendered at any of the sixteen frames, so the same
composer makes keyframes and whole clips."""
import json
import os
from dataclasses import astuple, dataclass

import numpy as np
import torch
import torch.nn.functional as F

from captions import article, on_ground, plural, said_together
from colours import COLOURS, NAMES, Palette, held_out, recolour
from data import SIZE, SYMBOLS, cache, write_json

PLACES = {'on the left': (.27, .5), 'on the right': (.73, .5), 'at the top': (.5, .27), 'at the bottom': (.5, .73),
          'in the top left corner': (.27, .27), 'in the top right corner': (.73, .27),
          'in the bottom left corner': (.27, .73), 'in the bottom right corner': (.73, .73)}
THREE = ((.27, .72), (.73, .72), (.5, .28))
WHOLE = (.5, .5, 1)      # the box of an object that fills the image: centre x, centre y, size
OF_TWO, OF_THREE, OF_SMALL, OF_SMALLER = .5, .46, .43, .33        # average sizes, in parts of the image's side
SMALL, LARGE = ('small', 'tiny', 'little'), ('big', 'large', 'huge')
SCENE_WORDS = ('a an the on to in front of and with next left right above below over top bottom corner small tiny little big large huge two '
               'three background gradient emoji sticker animated').split() + NAMES       # words of captions that are not names of objects
AMBIGUOUS = (':', 'family', 'kiss', 'couple', 'holding', 'flag', 'medium', 'skin')


def resize(picture, side):
    tensor = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    return F.interpolate(tensor, size=(side, side), mode='bilinear', antialias=True, align_corners=False)[0].permute(1, 2, 0).numpy()


def paste(canvas, picture, size, x, y):
    """Composites a picture over the canvas, both premultiplied. size and the centre x, y are in parts of the canvas."""
    side = max(16, int(round(SIZE * size)))
    picture = resize(picture, side) if side != SIZE else picture
    left, top = int(round(x * SIZE - side / 2)), int(round(y * SIZE - side / 2))
    x0, y0, x1, y1 = max(0, left), max(0, top), min(SIZE, left + side), min(SIZE, top + side)
    if x1 > x0 and y1 > y0:
        part = picture[y0 - top:y1 - top, x0 - left:x1 - left]
        canvas[y0:y1, x0:x1] = part + canvas[y0:y1, x0:x1] * (1 - part[..., 3:])


@dataclass(frozen=True)
class Thing:
    concept: object
    colour: str          # None: its own colours
    start: int           # the frame it starts from
    name: str            # as the caption calls it


@dataclass(frozen=True)
class Placed:
    thing: Thing
    size: float
    x: float
    y: float


@dataclass(frozen=True)
class Scene:
    placed: tuple
    ground: tuple        # None, or (top, bottom) colours
    caption: str

    def render(self, data, frame=0):
        """[256, 256, 4] float32, premultiplied."""
        canvas = np.zeros((SIZE, SIZE, 4), np.float32)
        for item in self.placed:
            thing = item.thing
            picture = data.frame(thing.concept, (thing.start + frame) % 16)
            if thing.colour:
                picture = recolour(picture, thing.colour, Palette.of(data.frame(thing.concept)))
            paste(canvas, picture, item.size, item.x, item.y)
        if self.ground is None:
            return canvas
        down = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None, None]
        ground = np.broadcast_to(self.ground[0] * (1 - down) + self.ground[1] * down, (SIZE, SIZE, 3))
        return np.concatenate([canvas[..., :3] + ground * (1 - canvas[..., 3:]), np.ones((SIZE, SIZE, 1), np.float32)], -1)


def palettes(data):
    """Key of each concept -> the Palette of its first frame. Measured once, then read from the cache."""
    path, found = cache('palettes.json'), {}
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            found = {key: Palette(*values) for key, values in json.load(file).items()}
    if any(concept.key not in found for concept in data.concepts):
        found = {concept.key: Palette.of(data.frame(concept)) for concept in data.concepts}
        write_json(path, {key: [float(value) for value in astuple(palette)] for key, palette in found.items()})
    return found


class Composer:
    """concepts: the objects to draw from; None for all that a short caption can name."""

    def __init__(self, data, seed, concepts=None):
        self.data, self.rng = data, np.random.default_rng(seed)
        self.allowed, self.palettes = lambda concept: True, palettes(data)
        self.concepts = concepts or [c for c in data.concepts if len(c.label.split()) <= 3 and c.group != SYMBOLS
                         and not any(word in c.label for word in AMBIGUOUS)]
        weights = np.array([1.0 if c.animated else 0.7 for c in self.concepts])
        self.weights = weights / weights.sum()

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def thing(self, coloured, moving=False, concept=None):
        """coloured: probability of naming a colour. moving: animated concepts only. concept: None for a random one."""
        while concept is None:
            drawn = self.concepts[self.rng.choice(len(self.concepts), p=self.weights)]
            concept = drawn if (drawn.animated or not moving) and self.allowed(drawn) else None
        start = 0 if self.rng.random() < .85 else int(self.rng.integers(16))
        if self.rng.random() >= coloured:
            return Thing(concept, None, start, concept.label)
        natural = self.palettes[concept.key].name()
        if natural and self.rng.random() < .3:
            return Thing(concept, None, start, f'{natural} {concept.label}')
        colour = self.pick(NAMES)
        while held_out(colour, concept.label):
            colour = self.pick(NAMES)
        return Thing(concept, colour, start, f'{colour} {concept.label}')

    def jittered(self, name):
        return np.clip((np.array(COLOURS[name]) + self.rng.normal(0, 8, 3)) / 255, 0, 1).astype(np.float32)

    def ground(self):
        top = self.pick(NAMES)
        if self.rng.random() < .7:
            colour, name = self.jittered(top), top
            pair = colour, colour
        else:
            bottom = self.pick(NAMES)
            pair, name = (self.jittered(top), self.jittered(bottom)), f'{top} to {bottom} gradient'
        return pair, ' ' + on_ground(self.rng, name)

    def one(self, moving):
        """One object that fills the image."""
        thing = self.thing(0, moving)
        near = .5 + self.rng.uniform(-.04, .04, 2)
        return [Placed(thing, self.rng.uniform(.85, 1), *near)], article(self.rng, thing.name), 1

    def coloured(self, moving):
        thing = self.thing(1, moving)
        return [Placed(thing, self.rng.uniform(.88, 1), .5, .5)], article(self.rng, thing.name), .35

    def sized_or_placed(self, moving):
        thing, chance = self.thing(.2, moving), self.rng.random()
        if chance < .3:
            near = .5 + self.rng.uniform(-.05, .05, 2)
            return [Placed(thing, self.rng.uniform(.36, .5), *near)], article(self.rng, f'{self.pick(SMALL)} {thing.name}'), .4
        if chance < .4:
            return self.large(moving)
        place = self.pick(list(PLACES))
        return [Placed(thing, self.rng.uniform(.42, .54), *PLACES[place])], f'{article(self.rng, thing.name)} {place}', .4

    def large(self, moving):
        thing = self.thing(.2, moving)
        return [Placed(thing, 1, .5, .5)], article(self.rng, f'{self.pick(LARGE)} {thing.name}'), .4

    def pair(self, moving):
        first, second = self.thing(.35, moving), self.thing(.35, moving)
        a, b = self.rng.uniform(.46, .54, 2)
        name, other = article(self.rng, first.name), article(self.rng, second.name)
        beside = self.rng.random() < .75
        text = ' '.join(words for words, _ in said_together(self.rng, name, other, beside))
        if beside:
            y = .5 + self.rng.uniform(-.05, .05, 2)
            return [Placed(first, a, .27, y[0]), Placed(second, b, .73, y[1])], text, .4
        return [Placed(first, a, .5, .27), Placed(second, b, .5, .73)], text, .4

    def several(self, moving):
        thing = self.thing(.25, moving)
        if self.rng.random() < .6:
            return [Placed(thing, OF_TWO, .27, .5), Placed(thing, OF_TWO, .73, .5)], 'two ' + plural(thing.name), .4
        return [Placed(thing, OF_THREE, x, y) for x, y in THREE], 'three ' + plural(thing.name), .4

    def choose(self, *options):
        """Draws from (probability, value) pairs. The probabilities add up to one."""
        return options[self.rng.choice(len(options), p=[chance for chance, _ in options])][1]

    def scene(self, moving=False, allowed=None):
        """A random scene. moving: for a clip, of animated concepts only. allowed: a predicate that selects concepts."""
        self.allowed = allowed or (lambda concept: True)
        kind = self.choose((.08, self.one), (.24, self.coloured), (.28, self.sized_or_placed), (.34, self.pair), (.06, self.several))
        placed, caption, grounded = kind(moving)
        pair, words = self.ground() if self.rng.random() < grounded else (None, '')
        return Scene(tuple(placed), pair, caption + words)
