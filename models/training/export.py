"""Writes the model package: ONNX graphs, tokenizer, noise scheduler, description with sizes and SHA-256.

    python3 export.py ../sticker [--keyframe CHECKPOINT] [--video CHECKPOINT] [--autoencoder CHECKPOINT] [--gain 1.2]
    python3 export.py ../sticker --reference ../../tests/…   # stored runs of the package, for the engine's tests

STORED_AS_INT8 lists the graphs whose scores allow int8 weights."""
import argparse
import json
import math
import os

import numpy as np
import torch
import torch.nn as nn

import integer
import noise
import package
from autoencoder import decode
from data import FRAMES, SIZE, Data, cache, write_json
from denoiser import CHANNELS, SIDE, TEXT, Keyframe
from lend import borrow, lend
from motion import COMPONENTS, PLACES, WIDTH, Clip, FirstFrame, load_motion, loops
from read import read_package
from sample import keyframes
from text import DROP, FIRST_WORD, PAD, PATTERN, SPECIAL, START, TOKENS, UNKNOWN, Vocabulary, split
from weights import load_autoencoder, load_keyframe

STEPS, CLIP_STEPS = 16, 20
LEAST_AREA = .75         # of what a clip shows: less bend than in real clips, but things stay what they are
STORED_AS_INT8 = ('text_encoder', 'unet', 'motion', 'vae_encoder', 'vae_decoder')
CLIP, FIRST, FLOWS = 'unet/clip', 'motion/first_frame', 'motion/decoder'
FINE = ('autoencoder.decoder.blocks64.2.', 'autoencoder.decoder.leave.')        # the layers that make the pixels stay float16: .14 dB
CALIBRATION = ('a duck on a blue background', 'ghost', 'a purple elephant', 'two cats', 'a red heart on a yellow background', 'pizza', 'a rocket next to a robot',
               'a tiny ghost on a black background')          # prompts whose runs calibrate the bounds of activations


class Text(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids):
        return self.encoder(input_ids)


class Decoder(nn.Module):
    def __init__(self, autoencoder):
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latent_sample):
        return self.autoencoder.decode(latent_sample) * 2 - 1


class Flows(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, latent_sample):
        return self.decoder(latent_sample)


class Encoder(nn.Module):
    def __init__(self, autoencoder):
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, sample):
        return self.autoencoder.encode(sample * 0.5 + 0.5)


def scheduler():
    """DPM-Solver++(2M) on alpha-bar = cos²(π(i + 1)/2000), which ends at exactly zero; trailing timesteps."""
    bars = [math.cos(math.pi * (i + 1) / 2000) ** 2 for i in range(999)] + [0.0]
    betas = [1 - bars[0]] + [1 - bars[i] / bars[i - 1] for i in range(1, 1000)]
    return dict(_class_name='DPMSolverMultistepScheduler', num_train_timesteps=1000, trained_betas=betas, prediction_type='v_prediction', timestep_spacing='trailing',
                algorithm_type='dpmsolver++', solver_order=2, solver_type='midpoint', lower_order_final=True, final_sigmas_type='zero', steps_offset=0,
                rescale_betas_zero_snr=False, thresholding=False)


def description(files, version, steps, clip_steps):
    return dict(
        name='sticker', version=version, license='MIT', loops=True, frames=FRAMES, ticks=64, fps=16, native_size=SIZE, latent_channels=CHANNELS,
        latent_downscale=SIZE // SIDE, alpha='premultiplied',
        image=dict(layout=['noise'], axes='BCHW', guidance=dict(text=True, image=False), default_steps=steps, default_guidance=2.25),
        video=dict(graph=CLIP, layout=['noise'], axes='BCFHW', guidance=dict(text=False, image=False), default_steps=clip_steps, default_guidance=1.0, motion_by_words=True,
                   motion=dict(first_frame=FIRST, decoder=FLOWS, channels=COMPONENTS, least_area=LEAST_AREA)),
        files=files)


def graphs(encoder, still, motion, autoencoder, ranges):
    """folder -> file name -> package.Graph. ranges: value ranges of layers to compute in int8, by folder and file name."""
    ids = torch.randint(FIRST_WORD, encoder.embedding.num_embeddings, (2, TOKENS))
    text, steps = torch.randn(2, TOKENS, TEXT), torch.tensor([999.0, 400.0])
    denoiser_inputs = ['sample', 'timestep', 'encoder_hidden_states', 'encoder_attention_mask']
    features, denoiser, decoder = motion
    made = {
        'text_encoder/model': (Text(encoder), (ids,), ['input_ids'], ['last_hidden_state']),
        'unet/model': (Keyframe(still), (torch.randn(2, CHANNELS, SIDE, SIDE), steps, text, encoder.keep(ids)), denoiser_inputs, ['out_sample']),
        CLIP: (Clip(denoiser), (torch.randn(2, COMPONENTS, FRAMES, 1, 1), steps, torch.randn(2, 1 + PLACES, WIDTH)), ['sample', 'timestep', 'first_frame_features'], ['out_sample']),
        FIRST: (FirstFrame(features, denoiser), (torch.rand(2, 4, SIZE, SIZE) * 2 - 1,), ['first_frame'], ['first_frame_features']),
        FLOWS: (Flows(decoder), (torch.randn(FRAMES, COMPONENTS, 1, 1),), ['latent_sample'], ['flow']),
        'vae_encoder/model': (Encoder(autoencoder), (torch.rand(2, 4, SIZE, SIZE) * 2 - 1,), ['sample'], ['latent_sample']),
        'vae_decoder/model': (Decoder(autoencoder), (torch.randn(2, CHANNELS, SIDE, SIDE),), ['latent_sample'], ['sample'])}
    folders = {}
    for name, parts in made.items():
        folder, file = name.split('/')
        folders.setdefault(folder, {})[file] = package.Graph(*parts, ranges=ranges.get(name))
    return folders


def calibrate(encoder, still, autoencoder, vocabulary, steps):
    """Ranges of layer inputs and outputs during sample runs: folder and graph name -> integer.Ranges. Keyframes are always denoised in
    float32: they take a tenth of a video's time, and rounding makes their surfaces mottled."""
    torch.manual_seed(0)
    found = {}
    with integer.Ranges(Decoder(autoencoder)) as found['vae_decoder/model']:
        decode(autoencoder, keyframes(encoder, still, vocabulary, CALIBRATION, 50, steps))
    return found


def write_package(folder, encoder, still, motion, autoencoder, vocabulary, version='1', int8=STORED_AS_INT8, steps=STEPS, clip_steps=CLIP_STEPS):
    os.makedirs(os.path.join(folder, 'tokenizer'), exist_ok=True)
    os.makedirs(os.path.join(folder, 'scheduler'), exist_ok=True)
    ranges = calibrate(encoder, still, autoencoder, vocabulary, steps)
    for name, some in graphs(encoder, still, motion, autoencoder, ranges).items():
        package.write(some, os.path.join(folder, name), lambda weight, name=name: name in int8 and not weight.startswith(FINE))
    write_json(os.path.join(folder, 'tokenizer', 'tokenizer.json'), dict(
        type='words', pattern=PATTERN, lowercase=True, drop=DROP, pad_id=PAD, start_ids=[START] * SPECIAL, unknown_id=UNKNOWN,
        first_word_id=FIRST_WORD, max_length=TOKENS, words=vocabulary.words))
    write_json(os.path.join(folder, 'scheduler', 'scheduler_config.json'), scheduler())
    write_json(os.path.join(folder, 'model_index.json'), dict(
        _class_name='EmuStickerPipeline', scheduler=['diffusers', 'DPMSolverMultistepScheduler'], tokenizer=['emu', 'words'], **{name: ['onnx', name] for name in ('text_encoder', 'unet', 'vae_encoder', 'vae_decoder')}), indent=1)
    write_json(os.path.join(folder, 'emu.json'), description({}, version, steps, clip_steps), indent=1)
    lend(folder, vocabulary.borrowed)
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, some in os.walk(folder) for name in some)


def reference(folder, target, runs=(('a duck on a blue background', 7), ('ghost', 11)), guidance=2.25):
    """Writes noise, latents (after the first, a middle and the last step), pictures and flows of whole runs, in float32 by PyTorch with the package's weights."""
    encoder, still, (features, denoiser, decoder), autoencoder, vocabulary = read_package(folder)
    with open(os.path.join(folder, 'emu.json'), encoding='utf-8') as file:
        described = json.load(file)
    os.makedirs(target, exist_ok=True)
    for prompt, seed in runs:
        still_steps, clip_steps, ids = {}, {}, vocabulary.batch([prompt, ''])
        counts = [described[kind]['default_steps'] for kind in ('image', 'video')]
        with torch.no_grad():
            first = keyframes(encoder, still, vocabulary, [prompt], seed, counts[0], guidance, kept=still_steps)
            picture = autoencoder.decode(first) * 2 - 1
            view = FirstFrame(features, denoiser)(picture)
            latents = loops(denoiser, view, seed, counts[1], kept=clip_steps)
            tensors = {
                'input_ids': ids, 'text': encoder(ids), 'keyframe.latents': first, 'keyframe.picture': picture, 'clip.features': view,
                'clip.latents': latents, 'clip.flows': decoder(latents[0].transpose(0, 1))}
        tensors['keyframe.noise'] = torch.from_numpy(noise.normal((1, CHANNELS, SIDE, SIDE), seed, noise.KEYFRAME))
        for kind, count, kept in (('keyframe', counts[0], still_steps), ('clip', counts[1], clip_steps)):
            for step in (1, count // 2 + 1):
                tensors[f'{kind}.step{step}'] = kept[step]
        name = '_'.join(word for word in split(prompt) if word not in ('a', 'background'))
        write_safetensors(os.path.join(target, name + '.safetensors'), tensors)
        write_json(os.path.join(target, name + '.json'), dict(prompt=prompt, seed=seed, steps=counts[0], clip_steps=counts[1], guidance=guidance), indent=1)


def write_safetensors(path, tensors):
    kinds = {torch.float32: 'F32', torch.float16: 'F16', torch.int64: 'I64'}
    header, offset, arrays = {}, 0, []
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.numpy())
        header[name] = dict(dtype=kinds[tensor.dtype], shape=list(tensor.shape), data_offsets=[offset, offset + array.nbytes])
        offset += array.nbytes
        arrays.append(array)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path + '.tmp', 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text)
        for array in arrays:
            file.write(array.tobytes())
    os.replace(path + '.tmp', path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help='of the package')
    parser.add_argument('--keyframe', default=cache('keyframe.pt'))
    parser.add_argument('--video', default=cache('video.pt'))
    parser.add_argument('--autoencoder', default=cache('autoencoder.pt'))
    parser.add_argument('--gain', type=float, default=1.0, help='factor on the motion of all clips')
    parser.add_argument('--version', default='1')
    parser.add_argument('--steps', type=int, default=STEPS, help='default steps of a keyframe')
    parser.add_argument('--clip-steps', type=int, default=CLIP_STEPS)
    parser.add_argument('--reference', help='only write reference runs of the package to this folder')
    options = parser.parse_args()
    if options.reference:
        return reference(options.folder, options.reference)
    encoder, still, vocabulary = load_keyframe(options.keyframe)
    motion = load_motion(options.video)
    motion[2].components *= options.gain
    vocabulary = Vocabulary(vocabulary.words, {**borrow(vocabulary.words, Data().concepts), **vocabulary.borrowed})        # those of the checkpoint stay
    size = write_package(options.folder, encoder, still, motion, load_autoencoder(options.autoencoder), vocabulary, options.version, steps=options.steps, clip_steps=options.clip_steps)
    print(f'{options.folder}: {size / 1e6:.1f} MB, {len(vocabulary.words)} words and {len(vocabulary.borrowed)} borrowed ones')


if __name__ == '__main__':
    main()
