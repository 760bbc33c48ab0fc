"""Scores a package with independent judges (judge.py, and classifier.py if the cache has one) and draws contact sheets.

    python3 evaluate.py ../sticker [--count 100] [--only keyframe|video|autoencoder] [--int8]

Writes evaluation.json and contact sheets into the package's folder. It evaluates the package itself: weights read back from the
graphs, and the package's default steps and guidance. Seeds are fixed. --half computes in bfloat16, which changes scores by less
than their error. --int8 rounds as the int8 graphs do, and writes its scores under "int8"."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import evaluate_clips
import evaluate_keyframes
from data import write_json
from evaluation import Evaluation, decibels
from latents import is_held_out


def reconstruction(evaluation):
    rows = [row for row in range(len(evaluation.data.clips)) if is_held_out(row)]
    full, half, haze = [], [], []
    for row in rows:
        real = evaluation.native(evaluation.data.clips[row, [0, 9]])
        with torch.no_grad():
            made = evaluation.autoencoder.decode(evaluation.autoencoder.encode(real))
        full.append(decibels(made, real))
        half.append(decibels(F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)))
        haze.append(float((made[:, 3][real[:, 3] == 0] > 1 / 510).float().mean()))
    evaluation.scores['autoencoder'] = dict(
        size=evaluation.size, decibels=round(float(np.mean(full)), 2), decibels_halved=round(float(np.mean(half)), 2),
        not_clear_where_nothing_is=round(float(np.mean(haze)), 4), count=2 * len(rows))
    print('autoencoder', evaluation.scores['autoencoder'], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--count', type=int, default=100, help='samples per measure')
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
    for name, step in (('autoencoder', reconstruction), ('keyframe', evaluate_keyframes.score), ('video', evaluate_clips.score)):
        if options.only in (None, name):
            step(evaluation)
            write_json(path, scores, indent=1)
    print(f'{time.time() - started:.0f} s')


if __name__ == '__main__':
    main()
