"""Reads a model package back into PyTorch networks, so that a package can serve as a checkpoint.

    python3 read.py ../sticker       # writes keyframe.pt, video.pt, autoencoder.pt and warp.pt into the cache, to continue training

Reads what export.py writes, and the first generation (128×128, 8 latent channels, one pooled token), whose graphs have folded constants."""
import argparse
import json
import os

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import legacy
import package
from autoencoder import Autoencoder
from data import cache
from denoiser import TEMPORAL, Denoiser
from fit import save
from text import PAD, SPECIAL, TextEncoder, Vocabulary
from warp import Warp


class FirstTextEncoder(TextEncoder):
    """The first generation's encoder. Its one pooled token is the subject; a masked token takes the background's place."""

    def __init__(self, words, length=16):
        super().__init__(words)
        self.position = torch.nn.Parameter(torch.zeros(length, self.position.shape[1]))

    def forward(self, ids):
        words = self.embedding(ids)
        x = words + self.position
        mask = (ids == PAD).to(x.dtype)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        is_token = (ids != PAD).to(x.dtype)[..., None]
        x = self.norm_out(x) * is_token
        pooled = self.norm_pool((words * self.importance[ids].exp() * is_token).sum(1, keepdim=True))
        mean, nothing = x[:, 1:].sum(1, keepdim=True) / is_token.sum(1, keepdim=True), torch.zeros_like(pooled)
        return torch.cat([pooled, nothing, nothing, mean, nothing, nothing, x[:, 1:]], 1)

    @staticmethod
    def keep(ids):
        keep = (ids != PAD).float()
        return torch.cat([keep[:, :1], torch.zeros_like(keep[:, :SPECIAL - 1]), keep[:, 1:]], 1)


def folded(path):
    """Weights of a graph with folded constants. Its matrices lost their names; each is found by the bias that is added after it."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor).astype(np.float32) for tensor in graph.initializer if tensor.name != 'lenders'}
    values = {node.output[0]: stored[node.input[0]] for node in graph.node if node.op_type == 'Cast' and node.input[0] in stored}
    values.update({name: array for name, array in stored.items() if name not in values and not name.endswith('_h')})
    bias = {}
    for node in graph.node:
        if node.op_type == 'Add':
            for a, b in (node.input, reversed(node.input)):
                if a in values:
                    bias[b] = a
    weights = {name: value for name, value in values.items() if not name.startswith('onnx::')}
    weights.update({bias[node.output[0]][:-4] + 'weight': values[node.input[1]].T
                    for node in graph.node if node.op_type == 'MatMul' and node.input[1] in values})
    nameless = [values[name] for name in values if name.startswith('onnx::') and 'MatMul' not in name]
    return {name.split('.', 1)[-1]: torch.from_numpy(np.ascontiguousarray(value)) for name, value in weights.items()}, nameless


def positions(nameless, names):
    """Position tables lost their names too, but are in the order of use."""
    tables = [torch.from_numpy(np.array(array)) for array in nameless if array.ndim == 2]
    return {name + '.position': table for name, table in zip(names, tables)}


def first_denoiser(path, video):
    weights, nameless = folded(path)
    state = legacy.denoiser(weights)
    between = ['temporal.enter8', 'temporal.middle', 'temporal.leave8']
    spatial = ['attend8_in', 'attend4', 'attend8_out']
    state.update(positions(nameless, [name for pair in zip(spatial, between) for name in pair] if video else spatial))
    network = Denoiser(video=video, channels=8)
    state.update({name: torch.zeros_like(value) for name, value in network.state_dict().items() if name.startswith('pool_ground')})
    if video:
        state['residual'] = state['residual'].reshape(-1)
    legacy.load(network, state)
    return network


def first_autoencoder(folder):
    """Mean and deviation are unnamed constants of the graphs: Sub, Div in the encoder, Mul, Add in the decoder."""
    encoder, (mean, deviation) = folded(os.path.join(folder, 'vae_encoder', 'model.onnx'))
    decoder, _ = folded(os.path.join(folder, 'vae_decoder', 'model.onnx'))
    network = Autoencoder(8, (48, 96, 160), (48, 96, 160), shuffle=2, encoder_depths=(1, 1, 2), decoder_depths=(2, 2, 2))
    constants = dict(mu=torch.from_numpy(mean.reshape(-1)), sd=torch.from_numpy(deviation.reshape(-1)))
    network.load_state_dict(legacy.autoencoder({**encoder, **decoder, **constants}))
    return network


def read_first(folder, words, borrowed, tokens):
    vocabulary = Vocabulary(words, borrowed, tokens['max_length'], starts=1)
    text = legacy.text({name.replace('n.', 'n0.', 1) if name.startswith('n.') else name: value
                        for name, value in folded(os.path.join(folder, 'text_encoder', 'model.onnx'))[0].items()})
    encoder = FirstTextEncoder(len(vocabulary), tokens['max_length'])
    text.update({name: value for name, value in encoder.state_dict().items() if name.startswith(('role.', 'of_other.'))})
    encoder.load_state_dict(text)
    return (encoder, first_denoiser(os.path.join(folder, 'unet', 'model.onnx'), False),
            first_denoiser(os.path.join(folder, 'unet_video', 'model.onnx'), True), first_autoencoder(folder), vocabulary)


def read_package(folder):
    """-> text encoder, keyframe denoiser, clip denoiser, autoencoder, vocabulary."""
    with open(os.path.join(folder, 'tokenizer', 'tokenizer.json'), encoding='utf-8') as file:
        tokens = json.load(file)
    with open(os.path.join(folder, 'emu.json'), encoding='utf-8') as file:
        channels = json.load(file)['latent_channels']
    paths = {name: os.path.join(folder, name, 'model.onnx') for name in ('text_encoder', 'unet', 'vae_encoder', 'vae_decoder')}
    clip = os.path.join(folder, 'unet', 'clip.onnx')
    if not os.path.exists(clip):                              # its place before it shared the keyframe's weights
        clip = os.path.join(folder, 'unet_video', 'model.onnx')
    words, first, borrowed = tokens['words'], tokens['first_word_id'], {}
    for tensor in onnx.load(paths['text_encoder']).graph.initializer:
        if tensor.name == 'lenders':
            lenders = numpy_helper.to_array(tensor)
            own = int(lenders.max()) + 1 - first                          # number of words with embeddings of their own
            borrowed = {word: words[lenders[first + own + i] - first] for i, word in enumerate(words[own:])}
            words = words[:own]
    if channels == 8:
        networks = read_first(folder, words, borrowed, tokens)
    else:
        vocabulary = Vocabulary(words, borrowed)
        networks = TextEncoder(len(vocabulary)), Denoiser(), Denoiser(video=True), Autoencoder(), vocabulary
        legacy.load(networks[0], package.read(paths['text_encoder'], 'encoder'))
        legacy.load(networks[1], package.read(paths['unet'], 'denoiser'))
        legacy.load(networks[2], package.read(clip, 'denoiser'))
        legacy.load_autoencoder(networks[3], {**package.read(paths['vae_encoder'], 'autoencoder'), **package.read(paths['vae_decoder'], 'autoencoder')})
    for network in networks[:4]:
        network.eval().requires_grad_(False)
    return networks


def read_warp(folder):
    """-> the frame warping network, or None."""
    path = os.path.join(folder, 'frame_warp', 'model.onnx')
    if not os.path.exists(path):
        return None
    network = Warp()
    network.load_state_dict(package.read(path, 'warp'))
    return network.eval().requires_grad_(False)


def checkpoints(folder):
    """Name of the network -> a checkpoint as train.py saves it, with the package's rounded weights."""
    encoder, still, moving, network, vocabulary = read_package(folder)
    named = {**{'text.' + name: value for name, value in encoder.state_dict().items()}, **{'denoiser.' + name: value for name, value in still.state_dict().items()}}
    temporal = {'denoiser.' + name: value for name, value in moving.state_dict().items() if name.split('.')[0] in TEMPORAL}
    made = dict(keyframe=dict(average=named, **vocabulary.state()), video=dict(average=temporal, residual=moving.residual), autoencoder=network.state_dict())
    warp = read_warp(folder)
    return made if warp is None else dict(made, warp=dict(average=warp.state_dict()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help='of the package')
    for name, state in checkpoints(parser.parse_args().folder).items():
        save(state, cache(name + '.pt'))
        print(cache(name + '.pt'))


if __name__ == '__main__':
    main()
