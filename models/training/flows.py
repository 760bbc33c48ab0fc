"""The motion of real clips as flows of 16×16 cells: what the flow denoiser learns.

    python3 flows.py [--quick]     # all clips, held-out ones first; goes on where it was interrupted
    python3 flows.py --check 6     # decibels of the first six held-out clips

A flow says where each place of a frame is in the first frame, less the place itself, in parts of the picture. The teacher guesses
it; then Adam descends on the squared error of the warped first frame at 64×64 and 128×128. Cells are the control points of a cubic
B-spline, so a flow is smooth everywhere, and a penalty keeps it from folding."""
import argparse
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from data import FRAMES, Data, cache
from latents import is_held_out, save, tensor
from teacher import CELLS, load_teacher, shifted

STEPS, QUICK = ((64, 40), (128, 50)), ((64, 30), (128, 20))      # side at which the error is taken, and steps of Adam
RATE, ROUGH, JITTER, FOLD = 4e-3, 4e-3, 1e-3, 2.
LEAST_AREA = .3                           # of the warped picture: an area of a real clip's may shrink to this share


def spline(side, cells=CELLS):
    """[side, cells]: a uniform cubic B-spline read at the centres of `side` pixels; cells beyond the border repeat the last one."""
    place = (torch.arange(side, dtype=torch.float64) + .5) / side * cells - .5
    distance = (place[:, None] - torch.arange(-2, cells + 2)).abs()
    weight = torch.where(distance < 1, 2 / 3 - distance**2 + distance**3 / 2, (2 - distance).clamp(min=0)**3 / 6)
    made = weight[:, 2:-2].clone()
    made[:, 0] += weight[:, :2].sum(1)
    made[:, -1] += weight[:, -2:].sum(1)
    return made.float()


def enlarged(flow, side):
    """[n, 2, c, c] -> [n, 2, side, side]."""
    line = spline(side, flow.shape[-1]).to(flow)
    return line @ flow @ line.t()


def moved(first, flow, mode='bilinear'):
    """Pictures [n, channels, s, s] warped by flows [n, 2, CELLS, CELLS]."""
    return shifted(first, enlarged(flow, first.shape[-1]), mode)


def slopes(flow, side):
    """How flows change from a place to the next: of both directions to the right, then of both down; each [n, side - 1, side - 1]."""
    fine = enlarged(flow, side) * side
    right, down = fine[..., :-1, 1:] - fine[..., :-1, :-1], fine[..., 1:, :-1] - fine[..., :-1, :-1]
    return right[:, 0], right[:, 1], down[:, 0], down[:, 1]


def areas(flow, side=2 * CELLS):
    """Determinants of the Jacobian of place + flow, [n, side - 1, side - 1]: the area of the first frame that each place shows."""
    xx, yx, xy, yy = slopes(flow, side)
    return (1 + xx) * (1 + yy) - xy * yx


def affine(flow):
    """The affine part of flows [n, 2, CELLS, CELLS], by least squares: what they do to the picture as a whole."""
    line = (torch.arange(CELLS) + .5) / CELLS - .5
    across, down = line.expand(CELLS, CELLS), line[:, None].expand(CELLS, CELLS)
    return sum((flow * part).sum((2, 3), keepdim=True) / (part**2).sum() * part for part in (torch.ones(CELLS, CELLS), across, down))


def largest_factor(flow, least, beneath):
    """-> [n]: up to 1, by how much flows may be multiplied, on top of others, for all areas to stay from `least` to its reciprocal."""
    (xx, yx, xy, yy), (bxx, byx, bxy, byy) = slopes(flow, 3 * CELLS), slopes(beneath, 3 * CELLS)
    square, linear = xx * yy - xy * yx, (1 + bxx) * yy + (1 + byy) * xx - bxy * yx - byx * xy
    area = (1 + bxx) * (1 + byy) - bxy * byx

    def root(a, b, c):
        inside = b**2 - 4 * a * c
        divisor = inside.clamp(min=0).sqrt() - b
        return torch.where((inside < 0) | (divisor <= 0), torch.ones_like(c), (2 * c / divisor).clamp(max=1))
    return torch.minimum(root(square, linear, (area - least).clamp(min=1e-4)), root(-square, -linear, (1 / least - area).clamp(min=1e-4))).amin((1, 2))


def held_back(loop, factors, neighbours=1):
    around = range(-neighbours, neighbours + 1)
    least = torch.stack([factors.roll(shift) for shift in around]).amin(0)
    return loop * torch.stack([least.roll(shift) for shift in around]).mean(0).view(-1, 1, 1, 1)


def unfolded(loop, least=LEAST_AREA):
    """A loop's flows [FRAMES, 2, CELLS, CELLS], held back smoothly over time where an area would fall below `least` or rise above its
    reciprocal, as the engine does: first the affine part, then what bends the picture beyond that."""
    whole, bent = affine(loop), loop - affine(loop)
    whole = held_back(whole, largest_factor(whole, least, whole * 0))
    return whole + held_back(bent, largest_factor(bent, least, whole))


def rough(flow):
    """Mean square of second differences: an affine motion has none."""
    return sum(((some * CELLS)**2).mean() for some in (flow[..., 2:] - 2 * flow[..., 1:-1] + flow[..., :-2], flow[..., 2:, :] - 2 * flow[..., 1:-1, :] + flow[..., :-2, :]))


def improved(first, frames, guess, steps=STEPS):
    """first [1, 4, 256, 256], frames [15, 4, 256, 256], guess [15, 2, CELLS, CELLS] -> flows."""
    corrections = [torch.zeros(len(frames), 2, cells, cells, requires_grad=True) for cells in (4, 8, CELLS)]
    optimizer = torch.optim.Adam(corrections, RATE, betas=(.9, .98))
    total = sum(count for _, count in steps)
    done = 0
    for side, count in steps:
        small, aims = [F.adaptive_avg_pool2d(x, side) for x in (first, frames)]
        small = small.expand(len(frames), -1, -1, -1)
        for _ in range(count):
            for group in optimizer.param_groups:
                group['lr'] = RATE * (1 - done / total)**.7 + 1e-4
            flow = guess + sum(enlarged(some, CELLS) if some.shape[-1] < CELLS else some for some in corrections)
            loop = torch.cat([torch.zeros(1, 2, CELLS, CELLS), flow])
            jitter = ((loop.roll(1, 0) - 2 * loop + loop.roll(-1, 0))**2).mean() * CELLS**2
            loss = ((moved(small, flow) - aims)**2).mean() * 10 + ROUGH * rough(flow) + JITTER * jitter + FOLD * (LEAST_AREA + .1 - areas(flow)).clamp(min=0).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            done += 1
    return flow.detach()


def decibels(made, real):
    return float(-10 * torch.log10(((made - real)**2).mean() + 1e-9))


def clip(data, row):
    return tensor(data.clips[row]) / 255


def order(count):
    """Held-out rows first."""
    return sorted(range(count), key=lambda row: (not is_held_out(row), row))


def check(data, teacher, count):
    for row in order(len(data.clips))[:count]:
        frames, started = clip(data, row), time.time()
        guess = teacher.flows(frames[:1], frames[1:])
        flow = improved(frames[:1], frames[1:], guess)
        found = [decibels(moved(frames[:1].expand(FRAMES - 1, -1, -1, -1), some), frames[1:]) for some in (guess * 0, guess, flow)]
        print(f'{row}: still {found[0]:.1f}, guess {found[1]:.1f}, improved {found[2]:.1f} dB, least area {areas(flow).min():.2f}, {time.time() - started:.1f} s', flush=True)


def load(path=None):
    """-> flows [clips, 16, 2, CELLS, CELLS] float32, and which rows are done."""
    with np.load(path or cache('flows.npz')) as some:
        return some['flows'], some['done']


def build(data, teacher, path, steps, save_every=60):
    flows, done = load(path) if os.path.exists(path) else (np.zeros((len(data.clips), FRAMES, 2, CELLS, CELLS), np.float32), np.zeros(len(data.clips), bool))
    started = saved = time.time()
    left = [row for row in order(len(data.clips)) if not done[row]]
    for number, row in enumerate(left):
        frames = clip(data, row)
        flows[row, 1:] = improved(frames[:1], frames[1:], teacher.flows(frames[:1], frames[1:]), steps).numpy()
        done[row] = True
        if time.time() - saved > save_every or row == left[-1]:
            np.savez(path + '.tmp.npz', flows=flows, done=done)
            os.replace(path + '.tmp.npz', path)
            saved = time.time()
            print(f'{number + 1} of {len(left)} clips, {saved - started:.0f} s', flush=True)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--teacher', default=cache('teacher.pt'))
    parser.add_argument('--check', type=int, metavar='CLIPS')
    parser.add_argument('--quick', action='store_true', help='half the time, 0.8 dB less')
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network = load_teacher(options.teacher)
    if options.check:
        check(Data(), network, options.check)
    else:
        build(Data(), network, cache('flows.npz'), QUICK if options.quick else STEPS)
