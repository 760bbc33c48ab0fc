"""An independent judge of what an image shows: the nearest neighbour among all real emoji, by pixels.

Every concept (four frames of a clip, or its still) is drawn at the place, size and background that the prompt asks for, at 32×32.
The image gets the name of the nearest. Nothing is trained. `ceiling` measures the judge's accuracy on real frames that are not
among its examples. Look-alikes count as one name: man, woman and person of the same kind, and the twenty-four clock faces."""
import os

import numpy as np
import torch
import torch.nn.functional as F

from colours import COLOURS, NAMES, Palette, recolour
from data import FRAMES, SIZE, cache
from text import split

SIDE = 32
TWINS = {'man', 'woman', 'person', 'men', 'women', 'people', 'boy', 'girl', 'old', 'older', 'pregnant', 'deaf', 'mx', 'mrs', 'santa'}
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
EVERY = 4                # every fourth frame of a clip is an example


def name_of(label):
    words = [word for word in split(label) if word not in TWINS]
    if words[-1:] in (['oclock'], ['thirty']):
        return 'clock face'
    return ' '.join(words) or 'person'


def shrink(pictures, side=SIDE):
    """[n, 4, h, w] -> [n, 4, side, side], averaged."""
    return F.adaptive_avg_pool2d(pictures, side)


def on_ground(pictures, ground=None):
    """Composites on a background: [n, 4, h, w] premultiplied and colours [n, 3] (None: white) -> [n, 3, h, w]."""
    ground = torch.ones(len(pictures), 3) if ground is None else ground
    return pictures[:, :3] + ground[:, :, None, None] * (1 - pictures[:, 3:])


class Judge:
    def __init__(self, data):
        self.concepts, self.names = data.concepts, np.array([name_of(c.label) for c in data.concepts])
        path = cache('judge.npy')
        if not os.path.exists(path):
            np.save(path, self.draw(data))
        self.pictures = np.load(path)                                    # [concepts, 4, 4, 64, 64] uint8

    def draw(self, data):
        made = np.zeros((len(self.concepts), FRAMES // EVERY, 4, 64, 64), np.uint8)
        for i, concept in enumerate(self.concepts):
            pictures = np.array(data.clips[concept.row, ::EVERY] if concept.animated else data.stills[concept.row][None])
            made[i] = shrink(torch.from_numpy(pictures).permute(0, 3, 1, 2).float(), 64).round().byte().numpy()
        return made

    def examples(self, side, colour=None):
        """[concepts · 4, 4, side, side] in [0, 1], premultiplied; recoloured if a colour is given."""
        count = self.pictures.shape[1]
        pictures = self.pictures if colour is None else self.pictures[:, :1]      # one frame is enough for a shape
        made = torch.cat([shrink(torch.from_numpy(part).float().flatten(0, 1) / 255, side) for part in np.array_split(pictures, 8)])
        if colour is not None:
            dyed = [recolour(picture, colour, Palette.of(picture)) for picture in made.permute(0, 2, 3, 1).numpy()]
            made = torch.from_numpy(np.stack(dyed)).permute(0, 3, 1, 2).repeat_interleave(count, 0)
        return made

    def rank(self, pictures, ground=None, size=1.0, colour=None):
        """pictures [n, 4, s, s], premultiplied, the object centred at `size` of the side; ground [n, 3], white if None.
        -> [n, concepts]: distance to the nearest example of each concept, the minimum over small shifts.
        An example on a background is e + g · t (its colours, the background, its transparency), so it need not be rendered."""
        side = max(8, round(SIDE * size))
        edge = (SIDE - side) // 2
        examples = F.pad(self.examples(side, colour), (edge, SIDE - side - edge, edge, SIDE - side - edge))
        colours, clear = examples[:, :3].flatten(2), (1 - examples[:, 3]).flatten(1)             # [E, 3, S²], [E, S²]
        ground = torch.ones(len(pictures), 3) if ground is None else ground
        seen = on_ground(shrink(pictures), ground)
        views = torch.stack([torch.roll(seen, shift, (2, 3)) for shift in SHIFTS], 1).flatten(3)  # [n, shifts, 3, S²]
        overlap = torch.einsum('nskp,ekp->nse', views, colours) + torch.einsum('nskp,ep,nk->nse', views, clear, ground)
        norm = colours.pow(2).sum((1, 2)) + 2 * ground @ torch.einsum('ekp,ep->ke', colours, clear) + ground.pow(2).sum(1, keepdim=True) * clear.pow(2).sum(1)
        squares = views.pow(2).sum((2, 3))[..., None] - 2 * overlap + norm[:, None]
        return squares.clamp(min=0).amin(1).view(len(pictures), len(self.concepts), -1).amin(2).sqrt().numpy()

    def named(self, distances, labels):
        """Whether the nearest concept's name is accepted. labels: a list of accepted labels for each image."""
        nearest = self.names[distances.argmin(1)]
        return np.array([name in {name_of(label) for label in accepted} for name, accepted in zip(nearest, labels)])


def border(pictures, width=6):
    """Median colour [n, 3] and mean alpha [n] of the image's border."""
    edge = torch.cat([pictures[..., :width, :].flatten(2), pictures[..., -width:, :].flatten(2), pictures[..., :width].flatten(2), pictures[..., -width:].flatten(2)], 2)
    return edge[:, :3].median(2).values, edge[:, 3].mean(1)


def nearest_colour(rgb):
    """Names of the nearest of the composer's colours. rgb [n, 3] in [0, 1]."""
    table = torch.tensor([COLOURS[name] for name in NAMES]).float() / 255
    return [NAMES[i] for i in torch.cdist(rgb, table).argmin(1)]


def object_colour(picture, real):
    """The colour whose recoloured real object has the mean colour nearest to the image's. Both are [256, 256, 4] arrays."""
    def mean(x):
        solid = x[..., 3] > .5
        return x[..., :3][solid].mean(0) if solid.any() else np.zeros(3)
    palette = Palette.of(real)
    candidates = np.stack([mean(recolour(real, name, palette)) for name in NAMES])
    return NAMES[int(((candidates - mean(picture)) ** 2).sum(1).argmin())]


def ceiling(judge, data, rng, count=200):
    """The judge's accuracy on real frames halfway between its examples: plain, on coloured backgrounds at 0.85 to 1 of the size, at half size."""
    concepts = [c for c in data.concepts if c.animated]
    chosen = [concepts[i] for i in rng.choice(len(concepts), count, replace=False)]
    real = torch.from_numpy(np.stack([data.frame(c, 2 + EVERY * int(rng.integers(4))) for c in chosen])).permute(0, 3, 1, 2)
    labels = [[c.label] for c in chosen]
    plain = judge.named(judge.rank(real), labels).mean()
    grounds = torch.tensor(np.array([COLOURS[NAMES[i]] for i in rng.integers(len(NAMES), size=count)])).float() / 255
    placed = []
    for picture, paper in zip(real, grounds):
        side = int(SIZE * rng.uniform(.85, 1))
        small, edge = shrink(picture[None], side), SIZE - side
        left, top = edge // 2, edge - edge // 2
        small = F.pad(small, (left, top, left, top))[0]
        placed.append(torch.cat([small[:3] + paper[:, None, None] * (1 - small[3:]), torch.ones(1, SIZE, SIZE)]))
    grounded = judge.named(rank_on_grounds(judge, torch.stack(placed)), labels).mean()
    halves = judge.named(judge.rank(shrink(real, 128)), labels).mean()
    return dict(plain=float(plain), on_grounds=float(grounded), at_half_size=float(halves))


def rank_on_grounds(judge, pictures):
    """For images of one object on a plain background: examples are put on the border's colour, at three sizes."""
    ground, _ = border(pictures)
    return np.minimum.reduce([judge.rank(pictures, ground, size) for size in (.87, .94, 1.0)])
