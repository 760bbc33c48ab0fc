"""Writes the model package: ONNX graphs, tokenizer, noise scheduler, description with sizes and SHA-256.

    python3 export.py ../sticker [--keyframe CHECKPOINT] [--video CHECKPOINT] [--autoencoder CHECKPOINT] [--warp CHECKPOINT]
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
from denoiser import CHANNELS, SIDE, TEXT, Clip, Keyframe
from lend import borrow, lend
from loops import CORING, TEMPERATURE, frame_gains
from read import read_package, read_warp
from sample import clips, keyframes, with_gains, with_motion
from text import DROP, FIRST_WORD, PAD, PATTERN, SPECIAL, START, TOKENS, UNKNOWN, Vocabulary, split
from warp import STRENGTH, FrameWarp, finished, load_warp
from weights import load_autoencoder, load_keyframe, load_video

CLIP_PICTURES = (5, 10)
STEPS, CLIP_STEPS = 16, 16
STORED_AS_INT8 = ('text_encoder', 'unet', 'vae_encoder', 'vae_decoder', 'frame_warp')
WARP = 'frame_warp'
CLIP = 'unet/clip'        # in the keyframe graph's folder, whose spatial weights it shares
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


def description(files, version, video_guidance, steps, clip_steps, gains, warps):
    return dict(
        name='sticker', version=version, license='MIT', loops=True, frames=FRAMES, ticks=64, fps=16, native_size=SIZE, latent_channels=CHANNELS,
        latent_downscale=SIZE // SIDE, alpha='premultiplied',
        image=dict(layout=['noise'], axes='BCHW', guidance=dict(text=True, image=False), default_steps=steps, default_guidance=2.25),
        video=dict(graph=CLIP, layout=['noise', 'image', 'mask'], axes='BCFHW', image_padding='zero', guidance=video_guidance, default_steps=clip_steps, default_guidance=1.0, noise_temperature=TEMPERATURE, motion_by_words=True,
                   **(dict(frame_gains=gains[0], frame_gains_halve_at=gains[1], frame_motion=gains[2]) if gains else {}), **(dict(frame_warp=dict(graph=WARP, strength=STRENGTH)) if warps else {}), frame_coring=CORING),
        files=files)


def graphs(encoder, still, moving, autoencoder, warp, ranges):
    """folder -> file name -> package.Graph. ranges: value ranges of layers to compute in int8, by folder and file name."""
    ids = torch.randint(FIRST_WORD, encoder.embedding.num_embeddings, (2, TOKENS))
    text, steps = torch.randn(2, TOKENS, TEXT), torch.tensor([999.0, 400.0])
    denoiser_inputs = ['sample', 'timestep', 'encoder_hidden_states', 'encoder_attention_mask']
    made = {
        'text_encoder/model': (Text(encoder), (ids,), ['input_ids'], ['last_hidden_state']),
        'unet/model': (Keyframe(still), (torch.randn(2, CHANNELS, SIDE, SIDE), steps, text, encoder.keep(ids)), denoiser_inputs, ['out_sample']),
        'vae_encoder/model': (Encoder(autoencoder), (torch.rand(2, 4, SIZE, SIZE) * 2 - 1,), ['sample'], ['latent_sample']),
        'vae_decoder/model': (Decoder(autoencoder), (torch.randn(2, CHANNELS, SIDE, SIDE),), ['latent_sample'], ['sample'])}
    if moving is not None:
        made[CLIP] = (Clip(moving), (torch.randn(2, 2 * CHANNELS + 1, FRAMES, SIDE, SIDE), steps, text, encoder.keep(ids)), denoiser_inputs, ['out_sample'])
    if warp is not None:
        made[WARP + '/model'] = (FrameWarp(warp), (torch.rand(2, 4, SIZE, SIZE) * 2 - 1, torch.rand(1, 4, SIZE, SIZE) * 2 - 1, torch.tensor([STRENGTH])), ['frames', 'first_frame', 'strength'], ['sample'])
    folders = {}
    for name, parts in made.items():
        folder, file = name.split('/')
        folders.setdefault(folder, {})[file] = package.Graph(*parts, ranges=ranges.get(name))
    return folders


def calibrate(encoder, still, moving, autoencoder, vocabulary, steps, clip_steps):
    """Ranges of layer inputs and outputs during sample runs: folder and graph name -> integer.Ranges. Keyframes are always computed in
    float32: they take a tenth of a video's time, and rounding makes their surfaces mottled."""
    torch.manual_seed(0)
    first = keyframes(encoder, still, vocabulary, CALIBRATION, 50, steps)
    found, latents = {}, first
    if moving is not None:
        with integer.Ranges(Clip(moving)) as found[CLIP]:
            frames = clips(encoder, moving, vocabulary, first[::2], CALIBRATION[::2], 50, clip_steps, temperature=TEMPERATURE)
        latents = torch.cat([first, frames[:, ::5].flatten(0, 1)])
    with integer.Ranges(Decoder(autoencoder)) as found['vae_decoder/model']:
        decode(autoencoder, latents)
    return found


def write_package(folder, encoder, still, moving, autoencoder, vocabulary, version='1', int8=STORED_AS_INT8, image_guidance=False, steps=STEPS, clip_steps=CLIP_STEPS, gains=None, warp=None):
    os.makedirs(os.path.join(folder, 'tokenizer'), exist_ok=True)
    os.makedirs(os.path.join(folder, 'scheduler'), exist_ok=True)
    ranges = calibrate(encoder, still, moving, autoencoder, vocabulary, steps, clip_steps)
    for name, some in graphs(encoder, still, moving, autoencoder, warp, ranges).items():
        package.write(some, os.path.join(folder, name), lambda weight, name=name: name in int8 and not weight.startswith(FINE))
    write_json(os.path.join(folder, 'tokenizer', 'tokenizer.json'), dict(
        type='words', pattern=PATTERN, lowercase=True, drop=DROP, pad_id=PAD, start_ids=[START] * SPECIAL, unknown_id=UNKNOWN,
        first_word_id=FIRST_WORD, max_length=TOKENS, words=vocabulary.words))
    write_json(os.path.join(folder, 'scheduler', 'scheduler_config.json'), scheduler())
    write_json(os.path.join(folder, 'model_index.json'), dict(
        _class_name='EmuStickerPipeline', scheduler=['diffusers', 'DPMSolverMultistepScheduler'], tokenizer=['emu', 'words'], **{name: ['onnx', name] for name in ('text_encoder', 'unet', 'vae_encoder', 'vae_decoder')}), indent=1)
    write_json(os.path.join(folder, 'emu.json'), description({}, version, dict(text=True, image=image_guidance), steps, clip_steps, gains, warp is not None), indent=1)
    lend(folder, vocabulary.borrowed)
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, some in os.walk(folder) for name in some)


def reference(folder, target, runs=(('a duck on a blue background', 7), ('ghost', 11)), guidance=2.25):
    """Writes noise, latents (after the first, a middle and the last step) and images of whole runs, in float32 by PyTorch with the package's weights."""
    encoder, still, moving, autoencoder, vocabulary = read_package(folder)
    warp = read_warp(folder)
    with open(os.path.join(folder, 'emu.json'), encoding='utf-8') as file:
        video = json.load(file)['video']
    steps, frames_shown = video['default_steps'], [0, *CLIP_PICTURES]
    os.makedirs(target, exist_ok=True)
    for prompt, seed in runs:
        still_steps, clip_steps, ids = {}, {}, vocabulary.batch([prompt, ''])
        first = keyframes(encoder, still, vocabulary, [prompt], seed, steps, guidance, kept=still_steps)
        frames = clips(encoder, moving, vocabulary, first, [prompt], seed, steps, kept=clip_steps, temperature=video.get('noise_temperature', 1))
        with torch.no_grad():
            evened = with_motion(with_gains(frames, video.get('frame_gains'), video.get('frame_gains_halve_at')), video.get('frame_motion'))
            decoded = finished(warp, autoencoder.decode(evened[0, frames_shown]), video)
            tensors = {
                'input_ids': ids, 'text': encoder(ids), 'keyframe.latents': first, 'keyframe.picture': (autoencoder.decode(first) * 2 - 1).half(),
                'clip.latents': frames.permute(0, 2, 1, 3, 4), 'clip.pictures': (decoded[1:] * 2 - 1).half()}
        tensors['keyframe.noise'] = torch.from_numpy(noise.normal((1, CHANNELS, SIDE, SIDE), seed, noise.KEYFRAME))
        for step in (1, steps // 2 + 1):
            tensors[f'keyframe.step{step}'], tensors[f'clip.step{step}'] = still_steps[step], clip_steps[step]
        name = '_'.join(word for word in split(prompt) if word not in ('a', 'background'))
        write_safetensors(os.path.join(target, name + '.safetensors'), tensors)
        write_json(os.path.join(target, name + '.json'), dict(prompt=prompt, seed=seed, steps=steps, guidance=guidance, video_guidance=1.0, clip_picture_frames=list(CLIP_PICTURES)), indent=1)


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
    parser.add_argument('--warp', default=cache('warp.pt'), help='left out of the package if the file does not exist')
    parser.add_argument('--version', default='1')
    parser.add_argument('--steps', type=int, default=STEPS, help='default steps of a keyframe')
    parser.add_argument('--clip-steps', type=int, default=CLIP_STEPS)
    parser.add_argument('--gain-clips', type=int, default=72, help='training clips that the gains of loops (loops.py) are measured on; 0: no gains')
    parser.add_argument('--image-guidance', action='store_true', help='the clip network was trained with images left out')
    parser.add_argument('--reference', help='only write reference runs of the package to this folder')
    options = parser.parse_args()
    if options.reference:
        return reference(options.folder, options.reference)
    encoder, still, vocabulary = load_keyframe(options.keyframe)
    moving = load_video(options.video, still)
    data = Data()
    vocabulary = Vocabulary(vocabulary.words, {**borrow(vocabulary.words, data.concepts), **vocabulary.borrowed})        # those of the checkpoint stay
    gains = frame_gains(encoder, moving, vocabulary, data, options.gain_clips, options.clip_steps) if options.gain_clips else None
    size = write_package(options.folder, encoder, still, moving, load_autoencoder(options.autoencoder), vocabulary, options.version,
                         image_guidance=options.image_guidance, steps=options.steps, clip_steps=options.clip_steps, gains=gains, warp=load_warp(options.warp) if os.path.exists(options.warp) else None)
    print(f'{options.folder}: {size / 1e6:.1f} MB, {len(vocabulary.words)} words and {len(vocabulary.borrowed)} borrowed ones')


if __name__ == '__main__':
    main()
