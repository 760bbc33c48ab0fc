"""Trains the sticker model's networks.

    python3 train.py reading  --minutes 4 --workers 2 --start CHECKPOINT
    python3 train.py keyframe --minutes 120 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py video    --minutes 60 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py autoencoder --minutes 45 [--start CHECKPOINT] [--resume]
    python3 train.py teacher  --minutes 120 [--start CHECKPOINT] [--resume]

Checkpoints are in the cache folder (see data.py) and are written every three minutes; --resume continues from the last one, with
the optimiser's state; --start begins a new run from a checkpoint's weights. The order: autoencoder, latents.py, pools.py, reading, keyframe; and for motion: teacher, flows.py, video.py, video."""
import argparse

import torch

from data import cache
from fit import Options
from keyframe import keyframe
from mixture import PLAIN
from reading import reading
from reconstruct import autoencoder
from teacher import teacher
from video import video


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('network', choices=('reading', 'keyframe', 'video', 'autoencoder', 'teacher'))
    parser.add_argument('--minutes', type=float, required=True, help='minutes of training, including those before --resume')
    parser.add_argument('--batch', type=int, help='256 captions, 32 pictures (512 on a GPU), 64 clips, 24 crops, 16 pairs of frames')
    parser.add_argument('--rate', type=float, help='1e-3 for keyframe (2e-3 on a GPU) and video, 1.5e-3 for the autoencoder')
    parser.add_argument('--workers', type=int, default=1, help='single-threaded processes that share a batch (CPU)')
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    parser.add_argument('--start', help='checkpoint with the initial weights')
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--plain', type=float, default=PLAIN, help='keyframe: share of real images; the others are composed (mixture.py)')
    parser.add_argument('--redraw', type=float, default=0, metavar='MINUTES',
                        help='keyframe: draw and encode new pools at the start and so often, instead of reading those of pools.py; takes seconds on a GPU')
    parser.add_argument('--writers', type=int, help='keyframe: processes that write captions while the device trains; default: 0 on a CPU, 6 on a GPU')
    parser.add_argument('--adopt', nargs='*', default=(), choices=('keywords', 'plurals'), help='keyframe: initialize rare keywords from their labels, plurals from their singular (synonyms.py)')
    parser.add_argument('--latents', default='new', choices=('new', 'near', 'same'),
                        help='autoencoder: same: train the decoder only; near: hold latents near those of --start; new: train everything')
    options = parser.parse_args(arguments)
    batch, rate = dict(reading=(256, 2e-3), keyframe=(32, 1e-3), video=(64, 1e-3), autoencoder=(24, 1.5e-3), teacher=(16, 1e-3))[options.network]
    if options.network == 'keyframe' and options.device != 'cpu':
        batch, rate = 512, 2e-3
    batch = options.batch or batch
    if options.workers > 1 and options.device != 'cpu':
        parser.error('--workers shares a batch among CPU processes; on a GPU use one')
    if batch % options.workers:
        parser.error(f'--batch {batch} cannot be shared evenly by --workers {options.workers}')
    if options.redraw and options.device == 'cpu':
        parser.error('--redraw would take most of the time of a CPU; run pools.py now and then')
    if options.writers and options.workers > 1:
        parser.error('--writers is for one process that trains; --workers write their captions themselves')
    if options.latents != 'new' and not options.start:
        parser.error(f'--latents {options.latents} needs --start')
    options.writers = options.writers if options.writers is not None else 0 if options.device == 'cpu' else 6
    torch.backends.cudnn.benchmark = torch.backends.cuda.matmul.allow_tf32 = True
    fit_options = Options(
        path=cache(dict(autoencoder='autoencoder-training.pt').get(options.network, options.network + '.pt')), minutes=options.minutes, batch=batch,
        rate=options.rate or rate, workers=options.workers, resume=options.resume, device=options.device, half=options.network in ('keyframe', 'video'),
        average=0.997 if options.network == 'video' else 0.998, decay=5e-2 if options.network == 'video' else 1e-2)
    dict(reading=reading, keyframe=keyframe, video=video, autoencoder=autoencoder, teacher=teacher)[options.network](options, fit_options)


if __name__ == '__main__':
    main()
