"""Training of the flow denoiser (motion.py): batches and loss.

    python3 video.py               # once, before train.py video: the teacher's features of first frames, plain and varied (8 minutes of a core)

A clip's flows (flows.py) are learned with its first frame as it is, encoded and decoded, and mirrored, turned, made smaller and
placed elsewhere; played backwards and more or less far; with noise on the features, since generated keyframes are less clean."""
import os

import numpy as np
import torch
import torch.nn.functional as F

import flows
from autoencoder import decode, encode
from data import FRAMES, Data, cache
from denoiser import alpha_sigma, logistic_times
from fit import Fit
from latents import is_held_out, save, tensor
from motion import MotionDenoiser, coded, components
from teacher import CELLS, load_teacher, Features
from weights import load_autoencoder

VARIANTS = 8                         # plain, encoded and decoded, then varied
MIRRORED, TURNED, SMALLEST = .5, 10, .6      # share mirrored; deviation of the rotation in degrees; smallest scale
BACKWARDS, FARTHER, UNCLEAN = .25, .2, .3    # share played backwards; deviations of the logarithm of the amount, and of the noise on features
NOISE_ONLY, ANYWHERE = .05, .1       # shares of t = 1, and of times from a uniform distribution


def placed(variant, row):
    """-> [2, 3]: where each place of the varied picture is in the plain one (affine_grid's matrix)."""
    rng = np.random.default_rng([7, variant, row])
    size, angle, flip = rng.uniform(SMALLEST, 1), np.deg2rad(rng.normal(0, TURNED)), -1 if rng.random() < MIRRORED else 1
    x, y = rng.uniform(-1, 1, 2) * (1 - size)
    if variant < 2:
        return torch.eye(2, 3)
    turned = torch.tensor([[np.cos(angle) * flip, -np.sin(angle) * flip], [np.sin(angle), np.cos(angle)]]) / size
    return torch.cat([turned, -turned @ torch.tensor([[x], [y]], dtype=turned.dtype)], 1).float()


def varied(pictures, matrix):
    grid = F.affine_grid(matrix.expand(len(pictures), 2, 3), pictures.shape, align_corners=False)
    return F.grid_sample(pictures, grid, mode='bilinear', padding_mode='zeros', align_corners=False)


def varied_flows(some, matrix):
    """Flows [n, 2, CELLS, CELLS] of the plain picture -> those of the varied one: read where each cell comes from, turned back."""
    grid = F.affine_grid(matrix.expand(len(some), 2, 3), some.shape, align_corners=False)
    read = F.grid_sample(some, grid, mode='bilinear', padding_mode='border', align_corners=False)
    return torch.einsum('ij,njhw->nihw', torch.linalg.inv(matrix[:, :2]), read)


@torch.no_grad()
def prepare(data, features, autoencoder):
    """Writes the features of every first frame: at 8 [VARIANTS, n, 192, 8, 8] and at 16 [VARIANTS, n, 128, 16, 16], float16."""
    made = {8: [], 16: []}
    for variant in range(VARIANTS):
        for row in range(len(data.clips)):
            picture = tensor(data.clips[row, :1]) / 255
            picture = decode(autoencoder, encode(autoencoder, picture)) if variant == 1 else varied(picture, placed(variant, row)) if variant else picture
            for side, some in zip((16, 8), features(picture)[2:]):
                made[side].append(some[0].half().numpy())
        print(f'{variant + 1} of {VARIANTS} variants', flush=True)
    for side, some in made.items():
        save(cache('features', f'{side}.npy'), np.stack(some).reshape(VARIANTS, -1, *some[0].shape))


class MotionBatches:
    """Clips that are not held out; those that hardly move are drawn less often."""

    def __init__(self):
        loops, done = flows.load()
        self.features = [np.load(cache('features', f'{side}.npy'), mmap_mode='r') for side in (8, 16)]
        self.rows = np.array([row for row in range(len(loops)) if done[row] and not is_held_out(row)])
        self.flows = np.zeros((VARIANTS, *loops.shape), np.float32)
        for row in np.flatnonzero(done):
            for variant in range(VARIANTS):
                self.flows[variant, row] = varied_flows(torch.from_numpy(loops[row]), placed(variant, row)).numpy() if variant > 1 else loops[row]
        self.components, self.share = components(self.flows[:, self.rows].reshape(-1, *loops.shape[1:]))
        self.latents = np.stack([coded(torch.from_numpy(some), self.components).numpy() for some in self.flows])
        moved = np.sqrt((self.latents[0, self.rows]**2).mean((1, 2))).clip(.1, 1.2)**.5
        self.chances = moved / moved.sum()

    def __call__(self, rng, count, progress):
        rows, variants = rng.choice(self.rows, count, p=self.chances), rng.integers(VARIANTS, size=count)
        return self.of(variants, rows, rng)

    def of(self, variants, rows, rng=None):
        """-> latents [n, FRAMES, COMPONENTS], features at 8 and at 16. rng: for what is varied anew in each batch."""
        latents = torch.from_numpy(self.latents[variants, rows])
        f8, f16 = [torch.from_numpy(some[variants, rows].astype(np.float32)) for some in self.features]
        if rng is not None:
            backwards = torch.from_numpy(rng.random(len(rows)) < BACKWARDS)[:, None, None]
            latents = torch.where(backwards, latents[:, [0, *range(FRAMES - 1, 0, -1)]], latents)
            latents = latents * torch.from_numpy(np.exp(rng.normal(0, FARTHER, len(rows))).astype(np.float32))[:, None, None]
            f8, f16 = [some + UNCLEAN * some.std() * torch.randn_like(some) for some in (f8, f16)]
        return latents, f8, f16


def motion_times(count):
    kind = torch.rand(count)
    t = torch.where(kind < ANYWHERE, torch.rand(count), logistic_times(count, .5, 1.2))
    return torch.where(kind > 1 - NOISE_ONLY, torch.ones(count), t)


def motion_loss(network, batch):
    device, kind = network.place.device, network.place.dtype
    clean, f8, f16 = [some.to(device) for some in batch]
    t = motion_times(len(clean)).to(device)
    alpha, sigma = [part.view(-1, 1, 1) for part in alpha_sigma(t)]
    noise = torch.randn_like(clean)
    made = network((alpha * clean + sigma * noise).to(kind), network.view(f8.to(kind), f16.to(kind)), t)
    return ((made.float() - (alpha * noise - sigma * clean))**2).mean((1, 2))


def video(options, fit_options):
    batches, network = MotionBatches(), MotionDenoiser()
    print(f'{len(batches.rows)} clips; the components hold {batches.share:.0%} of their motion', flush=True)
    if options.start:
        network.load_state_dict(adapted(torch.load(options.start, map_location='cpu'), batches.components), strict=False)
    features = load_teacher(cache('teacher.pt'), Features).state_dict()
    Fit(network, motion_loss, batches, fit_options, extra=dict(features=features, components=batches.components)).run()


def adapted(state, rows):
    """A checkpoint's weights for other components: its first and last layers read and say the same flows."""
    old, weights = state['components'], dict(state['average'])
    to_old = rows @ old.t() / (old**2).sum(1)                   # latents for `rows` times this are those for `old`
    back = old @ rows.t() / (rows**2).sum(1)
    weights['enter.weight'] = weights['enter.weight'].float() @ to_old.t()
    weights['leave.weight'], weights['leave.bias'] = back.t() @ weights['leave.weight'].float(), weights['leave.bias'].float() @ back
    return weights


if __name__ == '__main__':
    torch.set_num_threads(int(os.environ.get('OMP_NUM_THREADS', torch.get_num_threads())))
    prepare(Data(), load_teacher(cache('teacher.pt'), Features), load_autoencoder(cache('autoencoder.pt')))
