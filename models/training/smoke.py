"""Trains all networks on a few drawn shapes, exports them and reads the graphs back, in under two minutes on two cores.

    python3 smoke.py         # 0: passed · 77: skipped, the reason on stderr · anything else: failed

It fails if a loss does not fall, a graph is invalid, a network read back computes something else, or a run cannot resume."""
import copy
import functools
import os
import sys
import tempfile
import time
from types import SimpleNamespace

os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')      # spinning threads slow each other down on a busy machine
try:
    import numpy as np
    import onnx  # noqa: F401
    import torch
    import torch.nn as nn
except ImportError as problem:
    print(f'smoke training skipped: {problem}. Install torch, onnx and numpy.', file=sys.stderr)
    sys.exit(77)


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def fixed_loss(loss_of, model, batch, repeats=3):
    """The loss on one batch, with the same times and noise each time."""
    torch.manual_seed(5)
    np.random.seed(5)
    with torch.no_grad():
        return float(np.mean([loss_of(model, batch).mean().item() for _ in range(repeats)]))


def falls(name, loss_of, model, batch, fit, least):
    before = fixed_loss(loss_of, model, batch)
    fit.run()
    average = torch.load(fit.options.path)['average']
    for key, parameter in model.named_parameters():
        if key in average:
            parameter.data.copy_(average[key])
    after = fixed_loss(loss_of, model, batch)
    print(f'{name}: loss {before:.3f} -> {after:.3f} after {fit.options.steps} steps', flush=True)
    check(after < before * least, f'{name} does not learn: its loss went from {before:.3f} to {after:.3f}, and less than {least:.2f} of the first was expected.')


def drawn_like_scenes(data, network):
    """The studio draws what the composer's scenes render."""
    from colours import NAMES
    from compose import Composer, Placed, Scene, Thing
    from pools import GROUNDS
    from studio import Studio, spec
    composer = Composer(data, 9)
    scenes = [Scene((Placed(Thing(data.concepts[i % 8], NAMES[i] if i < 12 else None, i, ''), *[(.5, .27, .73), (.33, .5, .5), (.93, .52, .47), (1, .5, .5)][i % 4]),),
                    GROUNDS[i * 3][:2] if i % 3 else None, '') for i in range(14)]
    drawn = Studio(data, network).draw(np.stack([spec(scene, composer) for scene in scenes]))
    difference = (drawn.permute(0, 2, 3, 1) - torch.from_numpy(np.stack([scene.render(data) for scene in scenes]))).abs().max().item()
    check(difference < 1e-4, f'images drawn together differ from scenes drawn one by one (by {difference:.4f}).')


def shown_in_boxes(data, some):
    """Of every kind of sample: something is where the caption's boxes are."""
    from latents import load_plain
    from mixture import SHARES, Mixture, table
    mixture, rows, rng = Mixture(data, some), table(some, load_plain()).float(), np.random.default_rng(4)
    for kind in SHARES:
        for _ in range(6):
            sample = getattr(mixture, kind)(rng)
            shown = (rows[sample.rows].sum(0) - (0 if kind == 'single' else rows[sample.rows[-1]])).abs().amax(0)
            inside = []
            for x, y, size in filter(None, sample.boxes):
                left, top, side = [max(0, round(16 * part)) for part in (x - size / 2, y - size / 2, size)]
                inside.append(shown[top:top + side, left:left + side].max().item())
            check(min(inside) > .05, f'{sample.pieces}: nothing is in a box of {sample.boxes}.')
            check(len(inside) > 1 or inside[0] == shown.max(), f'{sample.pieces}: most is outside of {sample.boxes[0]}.')


def main():
    import denoiser
    denoiser.WIDTHS = 16, 32, 32
    import classifier
    import integer
    import pools
    import reconstruct
    import regenerate
    import regenerate_clips
    import warp
    import warping
    from autoencoder import Autoencoder, decode
    from data import FRAMES, Data, cache
    from denoiser import Clip, Denoiser
    from export import write_package
    from fit import Fit, Options, save
    from judge import Judge
    from keyframe import KeyframeBatches, caption_words, keyframe_loss, keyframe_rate
    from latents import composed, plain
    from loops import HEIGHTS, frame_gains
    from reading import reading
    from sample import clips, keyframes
    from shapes import prepare
    from synonyms import adopt, plurals, rare_keywords
    from text import FIRST_WORD, TOKENS, TextEncoder, Vocabulary
    from video import ClipBatches, clip_loss, is_temporal, residual_deviation
    from weights import load_keyframe, load_video, spatial
    started = time.time()
    torch.set_num_threads(2)
    torch.manual_seed(0)
    np.random.seed(0)
    prepare()
    data, rng = Data(), np.random.default_rng(3)

    def options(name, steps, **more):
        return Options(path=cache(name + '.pt'), steps=steps, average=.9, warmup=5, report_every=10**9, flat=.7, seed=steps, **more)

    network = Autoencoder(encoder_widths=(16, 24, 32), decoder_widths=(16, 24, 32))
    falls('autoencoder', reconstruct.autoencoder_loss, network, reconstruct.crops(data, rng, 12, 0),
          Fit(network, reconstruct.autoencoder_loss, lambda *a: reconstruct.crops(data, *a), options('autoencoder', 40, batch=6, rate=3e-3, half=False)), .9)
    reconstruct.normalise(network.float().eval(), data, rng)
    plain(network, data)
    composed(network, data, 'clips', 2)
    pools.draw(network, 1, most=2, count=16).save()
    drawn_like_scenes(data, network)
    library = pools.Pools.load()
    shown_in_boxes(data, library)

    words, importance = caption_words(data)
    vocabulary = Vocabulary(words, dict(circle='disc', box='square'))
    encoder, still = TextEncoder(len(vocabulary)), Denoiser()
    encoder.importance.data[FIRST_WORD:, 0] = importance
    encoder.embedding.weight.data.normal_(std=.5)
    encoder.position.data.normal_(std=.5)             # otherwise such a short training does not learn word order
    model, batches = nn.ModuleDict(dict(text=encoder, denoiser=still)), KeyframeBatches(data, vocabulary, library)
    held = batches(rng, 32, 0)
    make = lambda steps, resume: Fit(model, keyframe_loss, batches, options('keyframe', steps, batch=16, rate=3e-3, workers=2, resume=resume),  # noqa: E731
                                       rate_of=keyframe_rate, extra=vocabulary.state())
    falls('keyframe, two workers', keyframe_loss, model, held, make(60, False), .9)
    first = torch.load(cache('keyframe.pt'))['step']
    make(65, True).run()
    redrawn = KeyframeBatches(data, vocabulary, library, writers=1, redraw=1e-9, draw=lambda seed: pools.Pools(library.latents + 9, library.shown, library.captions))
    ids, clean, *_ = redrawn(np.random.default_rng(7), 16, 0)
    composed_too = clean.flatten(1).mean(1) > 4                     # real images do not come from pools
    check(ids.shape == (16, TOKENS) and clean.shape == (16, 12, 16, 16) and 8 <= composed_too.sum() < 16, f'of {len(ids)} samples {composed_too.sum()} come from pools drawn anew.')
    check(first == 60 and torch.load(cache('keyframe.pt'))['step'] == 65, 'a resumed run did not continue from its checkpoint.')

    reading(SimpleNamespace(start=cache('keyframe.pt')), options('reading', 80, batch=32, rate=1.5e-3, half=False))
    reader, _, known = load_keyframe(cache('reading.pt'))
    of_other = reader.read(known.batch(['disc and ring', 'ring and disc', 'square and bar']))[1]
    further = (of_other[:, 2] - of_other[:, 0]).mean().item()
    check(further > .3, f'it was not learned that in "disc and ring" the ring is the other thing (its logit is {further:.2f} above the disc\'s).')

    model.float()
    moving = Denoiser(video=True)
    moving.load_state_dict(spatial(still), strict=False)
    clip_batches = ClipBatches(data, vocabulary, .3)
    moving.residual.copy_(residual_deviation(clip_batches.clips, rng))
    model = nn.ModuleDict(dict(text=encoder, denoiser=moving))
    before = moving.conv_in.weight.detach().clone()
    falls('video', lambda *a: clip_loss(*a, augment=False), model, clip_batches(rng, 8, 0),
          Fit(model, clip_loss, clip_batches, options('video', 30, batch=4, rate=1e-2, half=False), trainable=is_temporal, extra=dict(residual=moving.residual.float())), .93)
    check(torch.equal(before.bfloat16(), moving.conv_in.weight.bfloat16()), 'training for video changed the spatial layers.')

    regenerate.build([item.float().requires_grad_(False) for item in (encoder, still)] + [vocabulary], network, 12, 1)
    batches = functools.partial(reconstruct.with_regenerated, data, regenerate.load())
    kept = copy.deepcopy(network).requires_grad_(False)
    falls('decoder alone, on what the denoiser makes', reconstruct.autoencoder_loss, network, batches(rng, 12, 0),
          Fit(network, reconstruct.autoencoder_loss, batches, options('autoencoder-training', 40, batch=8, rate=3e-3, half=False), trainable=lambda name: name.startswith('decoder')), .95)
    some, _ = batches(rng, 12, 0)
    check(torch.equal(kept.encode(some), network.encode(some)), 'training the decoder alone changed the latents.')
    reconstruct.NEAR = 5                              # otherwise an untrained encoder moves far even in a few steps
    Fit(network, functools.partial(reconstruct.autoencoder_loss, near=kept.encoder), batches, options('autoencoder-training', 20, batch=8, rate=1e-3, half=False)).run()
    moved = (kept.encode(some) - network.encode(some)).pow(2).mean().sqrt().item()
    check(0 < moved < .25, f'latents that should have stayed near were moved by {moved:.2f}.')

    regenerate_clips.build((encoder, moving.eval().requires_grad_(False), vocabulary), network.eval(), 4, 1)
    again, mover = regenerate_clips.load(), warp.Warp()
    falls('warp', warping.warp_loss, mover, warping.frame_batches(again, np.random.default_rng(8), 32, 0),
          Fit(mover, warping.warp_loss, lambda *some: warping.frame_batches(again, *some), options('warp', 30, batch=8, rate=3e-3, half=False)), .95)
    mover.eval().requires_grad_(False)

    networks = [item.float().eval().requires_grad_(False) for item in (encoder, still, moving, network)]
    folder, gains = cache('package', ''), frame_gains(encoder, moving, vocabulary, data, count=2, steps=2)
    size = write_package(folder, *networks, known, int8=(), gains=gains, warp=mover)
    stored, alone = os.path.getsize(cache('package', 'unet', 'weights.bin')), 2 * sum(weight.numel() for weight in still.parameters())
    check(stored < 2 * alone, f'keyframe and clip share no weights: {stored} bytes are stored, the keyframe network alone takes {alone}.')
    check(len(gains[0]) == FRAMES // 2 + 1 and all(0 < gain <= HEIGHTS[-1] for gain in gains[0]) and gains[1] > 0, f'gains for loops are out of bounds: {gains}.')
    import read
    read.Autoencoder = lambda: Autoencoder(encoder_widths=(16, 24, 32), decoder_widths=(16, 24, 32))
    text, keyframe, clip, picture, known = read.read_package(folder)
    check(known.ids('circle') == known.ids('disc') != known.ids('ring'), 'a word that borrows in the checkpoint does not read as its lender in the package.')
    prompts = ['a disc', 'ring']
    ours = keyframes(encoder, still, vocabulary, prompts, steps=2)
    theirs = keyframes(text, keyframe, known, prompts, steps=2)
    difference = (ours - theirs).abs().max().item()
    check(difference < .05, f'the package read back makes other keyframes (largest difference {difference:.3f}).')
    difference = (clips(encoder, moving, vocabulary, ours, prompts, steps=2) - clips(text, clip, known, ours, prompts, steps=2)).abs().max().item()
    check(difference < .05, f'the package read back makes other clips (largest difference {difference:.3f}).')
    loop = torch.rand(FRAMES, 4, 64, 64)
    difference = (warp.loop_warped(mover, loop, 1.5) - warp.loop_warped(read.read_warp(folder), loop, 1.5)).abs().max().item()
    check(difference < .05, f'the package read back warps first frames differently (largest difference {difference:.3f}).')
    states = read.checkpoints(folder)
    for name in ('keyframe', 'video'):
        save(states[name], cache(f'{name}-read.pt'))
    text_again, keyframe_again, known_again = load_keyframe(cache('keyframe-read.pt'))
    clip_again = load_video(cache('video-read.pt'), keyframe_again)
    same = torch.equal(clips(text, clip, known, theirs, prompts, steps=2), clips(text_again, clip_again, known_again, theirs, prompts, steps=2))
    check(same and torch.equal(theirs, keyframes(text_again, keyframe_again, known_again, prompts, steps=2)), 'checkpoints of the package make other keyframes or clips.')
    pictures = decode(network, ours)
    difference = (pictures - decode(picture, ours)).abs().max().item()
    check(difference < .01, f'the package read back decodes differently (largest difference {difference:.3f}).')
    exact = clips(text, clip, known, ours, prompts, steps=2)
    integer.rounded(cache('package', 'unet', 'clip_int8.onnx'), Clip(clip))
    difference = ((exact - clips(text, clip, known, ours, prompts, steps=2)).pow(2).mean().sqrt() / exact.std()).item()
    check(0 < difference < .2, f'int8 convolutions make other clips (difference {difference:.3f} of the deviation).')
    adopt(text, known, {**rare_keywords(data.concepts), **plurals(data.concepts)})
    check(torch.allclose(text.embedding.weight[known.rows['rings']], text.embedding.weight[known.rows['ring']]), 'a plural does not mean what its singular means.')
    check(torch.allclose(text.embedding.weight[known.rows['ringlike']], text.embedding.weight[known.rows['ring']]), 'a rare keyword does not mean what its label means.')

    judge = Judge(data)
    learned = classifier.LearnedJudge(judge)
    examples, judging = classifier.Examples(judge, learned.rows), nn.ModuleDict(dict(network=learned.network))
    falls('judge', classifier.loss_of, judging, examples(np.random.default_rng(6), 32, 0),
          Fit(judging, classifier.loss_of, examples, options('classifier', 40, batch=16, rate=3e-3, half=False)), .8)
    learned = classifier.LearnedJudge(judge, cache('classifier.pt'))
    shown = torch.from_numpy(np.stack([data.frame(concept) for concept in data.concepts])).permute(0, 3, 1, 2)
    right = learned.named(learned.rank(shown), [[concept.label] for concept in data.concepts]).mean()
    check(right > .7, f'the classifier names only {right:.0%} of its training examples.')
    print(f'package of {size / 1e6:.1f} MB written, read back and compared; {time.time() - started:.0f} s in all')


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder:
        os.environ['EMU_TRAINING_CACHE'] = folder
        main()
