"""Scores of clips: motion compared with real clips, and whether frames still show what the keyframe shows."""
import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import decode, on_white
from data import CROWDS
from latents import is_held_out
from loops import step_change
from sample import amplitude


def score(evaluation):
    motion(evaluation)
    evaluation.judged(identity)


def motion(evaluation):
    """Held-out clips generated from their real first frame. Real and generated latents go through the same decoder."""
    concepts = [c for c in evaluation.data.concepts if c.animated and is_held_out(c.row) and c.label.split(':')[0] not in CROWDS]
    concepts = concepts[:max(8, evaluation.count // 6)]
    real, made = [], []
    for start in range(0, len(concepts), 4):
        some = concepts[start:start + 4]
        with torch.no_grad():
            latents = torch.stack([evaluation.autoencoder.encode(evaluation.native(evaluation.data.clips[c.row])) for c in some])
        produced = evaluation.animate(latents[:, 0], [c.label for c in some], 2000 + start)
        for a, b in zip(latents, produced):
            real.append(shrunk(decode(evaluation.autoencoder, a)))
            made.append(shrunk(evaluation.decoded(b)))
    real, made = torch.stack(real), torch.stack(made)
    moved = amplitude(made).mean() / amplitude(real).mean()
    change = step_change(made).mean() / step_change(real).mean()
    still = ((real - real.mean(1, keepdim=True)).abs().amax((1, 2)) < .02)                    # pixels that never move in the real clip
    made_still, real_still = [(x - x.roll(-1, 1)).abs().mean((1, 2))[still].mean() for x in (made, real)]
    correlation = float(np.corrcoef(amplitude(made).numpy(), amplitude(real).numpy())[0, 1])
    evaluation.scores['motion'] = dict(
        amplitude=round(float(moved), 3), correlation=round(correlation, 3), frame_to_frame=round(float(change), 3),
        change_where_still=round(float(made_still), 5), real_change_where_still=round(float(real_still), 5), count=len(concepts))
    print('motion', evaluation.scores['motion'], flush=True)
    rows = [x for pair in zip(made[:6], real[:6]) for x in pair]
    evaluation.draw('held-out-clips.png', [frame for row in rows for frame in row[::2]],
                    [c.label + kind for c in concepts[:6] for kind in (' (made)', ' (real)') for _ in range(8)])


def identity(evaluation):
    concepts = evaluation.some([c for c in evaluation.concepts if c.animated], max(8, evaluation.count // 8))
    prompts = [c.label for c in concepts]
    def animated():
        return [evaluation.decoded(clip) for clip in evaluation.animate(evaluation.keyframes(prompts, 3000), prompts, 3000)]
    kept, rows = [], []
    for pictures in evaluation.once('clips', animated):
        nearest = evaluation.judge.names[evaluation.judge.rank(pictures[::3]).argmin(1)]
        kept.append(np.mean(nearest[1:] == nearest[0]))
        rows += list(on_white(pictures)[::2])
    evaluation.note('identity: frames named as their keyframe is', kept)
    evaluation.draw('clips.png', rows, [prompt for prompt in prompts for _ in range(8)], side=120)


def shrunk(pictures):
    return F.adaptive_avg_pool2d(on_white(pictures), 128)
