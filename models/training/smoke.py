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
    import export
    import integer
    import pools
    import reconstruct
    import motion
    import flows
    import regenerate
    import teacher
    import video
    from autoencoder import Autoencoder, decode
    from data import Data, cache
    from denoiser import Denoiser
    from export import write_package
    from fit import Fit, Options, save
    from judge import Judge
    from keyframe import KeyframeBatches, caption_words, keyframe_loss, keyframe_rate
    from latents import is_held_out, plain
    from reading import reading
    from sample import keyframes
    from shapes import prepare
    from synonyms import adopt, plurals, rare_keywords
    from text import FIRST_WORD, TOKENS, TextEncoder, Vocabulary
    from weights import load_keyframe
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

    tutor = teacher.Teacher()
    batches = lambda *some: teacher.pairs(data.clips, [0, 1, 2, 3], *some)  # noqa: E731
    falls('teacher', teacher.teacher_loss, tutor, batches(rng, 8, 0), Fit(tutor, teacher.teacher_loss, batches, options('teacher', 30, batch=6, rate=1e-3, half=False)), .96)
    frames = flows.clip(data, 3)
    tutor = teacher.load_teacher(cache('teacher.pt'))
    guess = tutor.flows(frames[:1], frames[1:])
    flow = flows.improved(frames[:1], frames[1:], guess, ((64, 20),))
    before, after = [flows.decibels(flows.moved(frames[:1].expand(15, -1, -1, -1), some), frames[1:]) for some in (guess, flow)]
    check(after > before + 1, f'descent makes flows no better: {before:.1f} dB, then {after:.1f}.')
    check(flows.areas(flows.unfolded(flow * 20)).min() > .2, 'flows that fold were not held back.')
    moves = flows.affine(flow * 0 + .05) + (flow - flows.affine(flow)) * 20
    held = flows.unfolded(moves, .75)
    check((held - moves).abs().max() > .01 and (flows.affine(held) - .05).abs().max() < 1e-3, 'holding back what bends also held back what moves.')
    flows.build(data, tutor, cache('flows.npz'), ((64, 4),))
    video.VARIANTS = 3
    video.prepare(data, tutor, network.float().eval())
    batches, mover = video.MotionBatches(), motion.MotionDenoiser()
    falls('motion', video.motion_loss, mover, batches(rng, 16, 0), Fit(mover, video.motion_loss, batches, options('video', 30, batch=16, rate=2e-3, half=False),
          extra=dict(features=teacher.load_teacher(cache('teacher.pt'), teacher.Features).state_dict(), components=batches.components)), .97)
    check(not any(is_held_out(row) for row in batches.rows), 'motion learns from held-out clips.')
    moves = motion.load_motion(cache('video.pt'))

    networks = [item.float().eval().requires_grad_(False) for item in (encoder, still)] + [moves, network.eval().requires_grad_(False)]
    folder = cache('package', '')
    size = write_package(folder, *networks, known, int8=())
    import read
    read.Autoencoder = lambda: Autoencoder(encoder_widths=(16, 24, 32), decoder_widths=(16, 24, 32))
    text, keyframe, again, picture, known = read.read_package(folder)
    check(known.ids('circle') == known.ids('disc') != known.ids('ring'), 'a word that borrows in the checkpoint does not read as its lender in the package.')
    prompts = ['a disc', 'ring']
    ours = keyframes(encoder, still, vocabulary, prompts, steps=2)
    theirs = keyframes(text, keyframe, known, prompts, steps=2)
    difference = (ours - theirs).abs().max().item()
    check(difference < .05, f'the package read back makes other keyframes (largest difference {difference:.3f}).')
    shown = decode(network, ours) * 2 - 1
    made = [motion.loops(some[1], motion.FirstFrame(*some[:2])(shown), steps=2) for some in (moves, again)]
    difference = (made[0] - made[1]).abs().max().item()
    check(difference < .05, f'the package read back makes other clips (largest difference {difference:.3f}).')
    difference = (moves[2](made[0][0].transpose(0, 1)) - again[2](made[0][0].transpose(0, 1))).abs().max().item()
    check(difference < .01, f'the package read back makes other flows (largest difference {difference:.3f}).')
    states = read.checkpoints(folder)
    for name in ('keyframe', 'video'):
        save(states[name], cache(f'{name}-read.pt'))
    text_again, keyframe_again, known_again = load_keyframe(cache('keyframe-read.pt'))
    clip_again = motion.load_motion(cache('video-read.pt'))
    same = torch.equal(made[1], motion.loops(clip_again[1], motion.FirstFrame(*clip_again[:2])(shown), steps=2))
    check(same and torch.equal(theirs, keyframes(text_again, keyframe_again, known_again, prompts, steps=2)), 'checkpoints of the package make other keyframes or clips.')
    pictures = decode(network, ours)
    difference = (pictures - decode(picture, ours)).abs().max().item()
    check(difference < .01, f'the package read back decodes differently (largest difference {difference:.3f}).')
    exact = decode(picture, ours)
    integer.rounded(cache('package', 'vae_decoder', 'model_int8.onnx'), export.Decoder(picture))
    difference = ((exact - decode(picture, ours)).pow(2).mean().sqrt() / exact.std()).item()
    check(0 <= difference < .2, f'int8 convolutions make other pictures (difference {difference:.3f} of the deviation).')
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
