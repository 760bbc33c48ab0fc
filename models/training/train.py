"""Trains the sticker model's networks.

    python3 train.py reading  --minutes 4 --workers 2 --start CHECKPOINT
    python3 train.py keyframe --minutes 120 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py video    --minutes 60 --workers 2 [--start CHECKPOINT] [--resume]
    python3 train.py autoencoder --minutes 45 [--start CHECKPOINT] [--resume]
    python3 train.py warp     --minutes 45 [--start CHECKPOINT] [--resume]

Checkpoints are in the cache folder (see data.py) and are written every three minutes; --resume continues from the last one, with
the optimiser's state; --start begins a new run from a checkpoint's weights. The order: autoencoder, latents.py, pools.py, reading, keyframe, video, regenerate_clips.py, warp."""
import argparse

import torch

from data import cache
from fit import Options
from keyframe import keyframe
from mixture import PLAIN
from reading import reading
from reconstruct import autoencoder
from video import video
from warping import warp


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('network', choices=('reading', 'keyframe', 'video', 'autoencoder', 'warp'))
    parser.add_argument('--minutes', type=float, required=True, help='minutes of training, including those before --resume')
    parser.add_argument('--batch', type=int, help='256 captions, 32 pictures (512 on a GPU), 8 clips, 24 crops, 48 frames')
    parser.add_argument('--rate', type=float, help='1e-3 for keyframe (2e-3 on a GPU) and video, 1.5e-3 for the autoencoder')
    parser.add_argument('--workers', type=int, default=1, help='single-threaded processes that share a batch (CPU)')
    parser.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    parser.add_argument('--start', help='checkpoint with the initial weights')
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--keyframe', help='video: the keyframe checkpoint whose spatial layers are shared')
    parser.add_argument('--composed', type=float, default=0.3, help='video: share of composed clips')
    parser.add_argument('--plain', type=float, default=PLAIN, help='keyframe: share of real images; the others are composed (mixture.py)')
    parser.add_argument('--redraw', type=float, default=0, metavar='MINUTES',
                        help='keyframe: draw and encode new pools at the start and so often, instead of reading those of pools.py; takes seconds on a GPU')
    parser.add_argument('--writers', type=int, help='keyframe: processes that write captions while the device trains; default: 0 on a CPU, 6 on a GPU')
    parser.add_argument('--adopt', nargs='*', default=(), choices=('keywords', 'plurals'), help='keyframe: initialize rare keywords from their labels, plurals from their singular (synonyms.py)')
    parser.add_argument('--latents', default='new', choices=('new', 'near', 'same'),
                        help='autoencoder: same: train the decoder only; near: hold latents near those of --start; new: train everything')
    options = parser.parse_args(arguments)
    batch, rate = dict(reading=(256, 2e-3), keyframe=(32, 1e-3), video=(8, 1e-3), autoencoder=(24, 1.5e-3), warp=(48, 1e-3))[options.network]
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
    options.keyframe = options.keyframe or cache('keyframe.pt')
    fit_options = Options(
        path=cache(dict(autoencoder='autoencoder-training.pt').get(options.network, options.network + '.pt')), minutes=options.minutes, batch=batch,
        rate=options.rate or rate, workers=options.workers, resume=options.resume, device=options.device, half=options.network in ('keyframe', 'video', 'warp'),
        average=0.995 if options.network in ('video', 'warp') else 0.998, decay=1e-3 if options.network in ('video', 'warp') else 1e-2)
    dict(reading=reading, keyframe=keyframe, video=video, autoencoder=autoencoder, warp=warp)[options.network](options, fit_options)


if __name__ == '__main__':
    main()
