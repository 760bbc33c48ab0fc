"""Scores of clips: how well flows rebuild real ones, motion compared with real clips, whether frames still show what the keyframe shows,
and whether they are whole and sharp."""
import os

import numpy as np
import torch
import torch.nn.functional as F

import flows
from autoencoder import decode, on_white
from data import CROWDS, cache
from judge import name_of
from latents import is_held_out
from motion import FirstFrame, coded, frames_of, loops

SHOWN, EDGE, GROWN, CHANGED = 128, .15, 1.15, 1        # side for motion and edges; see `torn`


def score(evaluation):
    rebuilt(evaluation)
    motion(evaluation)
    evaluation.judged(identity)


def moving(evaluation):
    return [c for c in evaluation.data.concepts if c.animated and is_held_out(c.row) and c.label.split(':')[0] not in CROWDS]


def rebuilt(evaluation):
    """Held-out clips from their first frame and their own flows, and from what the package's components keep of these."""
    if not os.path.exists(cache('flows.npz')):
        print('no flows in the cache: flows.py makes them', flush=True)
        return
    loops_of, done = flows.load()
    still, whole, kept, rows = [], [], [], [row for row in range(len(done)) if done[row] and is_held_out(row)]
    for row in rows:
        frames, flow = flows.clip(evaluation.data, row), torch.from_numpy(loops_of[row])
        first = frames[:1].expand(len(frames) - 1, -1, -1, -1)
        rows_of = evaluation.motion[2].components
        short = (coded(flow[None], rows_of)[0] @ rows_of).view_as(flow)
        for found, some in ((still, flow * 0), (whole, flow), (kept, short)):
            found.append(flows.decibels(flows.moved(first, some[1:]), frames[1:]))
    evaluation.scores['flows'] = dict(still=round(float(np.mean(still)), 2), decibels=round(float(np.mean(whole)), 2), components=round(float(np.mean(kept)), 2), count=len(rows))
    print('flows', evaluation.scores['flows'], flush=True)


@torch.no_grad()
def animated(evaluation, pictures, seed):
    """First frames [n, 4, 256, 256] in [0, 1] -> loops of frames [n, FRAMES, 4, 256, 256], as the engine makes them."""
    features, denoiser, decoder = evaluation.motion
    view = torch.cat([FirstFrame(features, denoiser)(picture[None] * 2 - 1) for picture in pictures])
    made = [flows.unfolded(decoder(latents), evaluation.least_area) for latents in frames_of(loops(denoiser, view, seed, evaluation.clip_steps))]
    return torch.stack([flows.moved(picture[None].expand(len(loop), -1, -1, -1), loop, 'bicubic').clamp(0, 1) for picture, loop in zip(pictures, made)])


def amplitude(clips):
    """[n, frames, channels, h, w] -> [n]: root mean square deviation from the mean frame."""
    return ((clips - clips.mean(1, keepdim=True))**2).mean((1, 2, 3, 4)).sqrt()


def change(clips):
    """-> [n]: mean absolute difference of neighbouring frames."""
    return (clips - clips.roll(-1, 1)).abs().mean((1, 2, 3, 4))


def gradient(frames):
    return float((frames[..., 1:] - frames[..., :-1]).abs().mean() + (frames[..., 1:, :] - frames[..., :-1, :]).abs().mean())


def pieces(frames):
    """[n, 4, h, w] -> [n]: pieces of alpha less holes in them (the Euler number, by counts of 2×2 pixels; Gray 1971), of a slightly blurred alpha."""
    solid = (F.avg_pool2d(frames[:, 3:], 5, 1, 2)[:, 0] > .5).float()
    padded = F.pad(solid, (1, 1, 1, 1))
    quads = torch.stack([padded[:, :-1, :-1], padded[:, :-1, 1:], padded[:, 1:, :-1], padded[:, 1:, 1:]])
    count = quads.sum(0)
    diagonal = (count == 2) & (quads[0] == quads[3])
    return ((count == 1).sum((1, 2)) - (count == 3).sum((1, 2)) - 2 * diagonal.sum((1, 2))) / 4


def edges(frames):
    """[n, 4, h, w] -> [n]: by how much the picture on white, at half its size, changes by more than EDGE to the next pixel. At half
    the size, since interpolation makes a soft edge harder, which is no tear."""
    shown = F.avg_pool2d(on_white(frames), 2)
    across, down = (shown[..., 1:] - shown[..., :-1]).abs().amax(1), (shown[..., 1:, :] - shown[..., :-1, :]).abs().amax(1)
    return (across - EDGE).clamp(min=0).mean((1, 2)) + (down - EDGE).clamp(min=0).mean((1, 2))


def torn(frames):
    """A clip's frames -> which of them are torn: a piece came off or a hole opened, or the first frame's hard edges have become
    more by GROWN."""
    return ((pieces(frames) - pieces(frames[:1])).abs() >= CHANGED) | (edges(frames) > GROWN * edges(frames[:1]))


def spoilt(frames, rng):
    """Tears every frame but the first: three squares of the thing are moved elsewhere."""
    made = frames.clone()
    for frame in made[1:]:
        solid = (frame[3] > .5).nonzero()
        for _ in range(3):
            y, x = solid[rng.integers(len(solid))].tolist()
            side, dy, dx = 24, *rng.integers(-40, 41, 2).tolist()
            top, left = min(max(y - side // 2, 0), 256 - side), min(max(x - side // 2, 0), 256 - side)
            square = frame[:, top:top + side, left:left + side].clone()
            frame[:, top:top + side, left:left + side] = 0
            top, left = min(max(top + dy, 0), 256 - side), min(max(left + dx, 0), 256 - side)
            frame[:, top:top + side, left:left + side] = square
    return made


def motion(evaluation):
    """Held-out clips generated from their real first frame."""
    concepts = moving(evaluation)
    real = [flows.clip(evaluation.data, c.row) for c in concepts]
    made = animated(evaluation, torch.stack([frames[0] for frames in real]), 2000)
    small = [torch.stack([F.adaptive_avg_pool2d(on_white(frames), SHOWN) for frames in some]) for some in (real, made)]
    moved = [amplitude(some) for some in small]
    rng = np.random.default_rng(0)
    tears = [float(torch.stack([torn(frames)[1:] for frames in some]).float().mean()) for some in (made, real, [spoilt(frames, rng) for frames in real])]
    evaluation.scores['motion'] = dict(
        amplitude=round(float(moved[1].mean() / moved[0].mean()), 3), correlation=round(float(np.corrcoef(moved[0].numpy(), moved[1].numpy())[0, 1]), 3),
        frame_to_frame=round(float(change(small[1]).mean() / change(small[0]).mean()), 3),
        sharpness=round(float(np.mean([gradient(frames[2:15]) / gradient(frames[:1]) for frames in made])), 3),
        torn=round(tears[0], 4), torn_real=round(tears[1], 4), torn_spoilt=round(tears[2], 4), count=len(concepts))
    print('motion', evaluation.scores['motion'], flush=True)
    rows = [x for pair in zip(made[:6], real[:6]) for x in pair]
    evaluation.draw('held-out-clips.png', [on_white(frame[None])[0] for row in rows for frame in row[::2]],
                    [c.label + kind for c in concepts[:6] for kind in (' (made)', ' (real)') for _ in range(8)])


def named_as_first(evaluation, frames):
    """-> the name of the first frame, and the share of the others that are named as it."""
    nearest = evaluation.judge.names[evaluation.judge.rank(frames).argmin(1)]
    return nearest[0], np.mean(nearest[1:] == nearest[0])


def of_real(evaluation, concepts):
    """The same of the real clips, at frames that are none of the judges' examples: what these say of things that stay what they are."""
    kept = [named_as_first(evaluation, flows.clip(evaluation.data, concept.row)[[0, 2, 6, 10, 14]])[1] for concept in concepts]
    return round(float(np.mean(kept)), 4)


def identity(evaluation):
    concepts = evaluation.some([c for c in evaluation.concepts if c.animated], evaluation.count)
    prompts = [c.label for c in concepts]
    pictures = evaluation.once('clips', lambda: animated(evaluation, decode(evaluation.autoencoder, evaluation.keyframes(prompts, 3000)), 3000))
    kept, known = [], []
    for frames, prompt in zip(pictures, prompts):
        name, share = named_as_first(evaluation, frames[::3])
        kept.append(share)
        known.append(name == name_of(prompt))
    kept, known = np.array(kept), np.array(known)
    tears = evaluation.once('torn', lambda: [float(torn(frames)[1:].float().mean()) for frames in pictures])
    evaluation.note('identity: frames named as their keyframe is', kept, all_frames=round(float((kept == 1).mean()), 4), keyframes=round(float(known.mean()), 4),
                    where_keyframe_is_right=round(float(kept[known].mean()), 4), real_clips=of_real(evaluation, concepts), torn=round(float(np.mean(tears)), 4))
    evaluation.draw('clips.png', [frame for frames in pictures[:12] for frame in on_white(frames)[::2]], [prompt for prompt in prompts[:12] for _ in range(8)], side=120)
