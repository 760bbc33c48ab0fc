"""Loads checkpoints into networks."""
import torch

import legacy
from autoencoder import Autoencoder
from denoiser import Denoiser
from text import TextEncoder, Vocabulary


def load_autoencoder(path):
    state = torch.load(path, map_location='cpu')
    network = Autoencoder()
    legacy.load_autoencoder(network, state.get('average', state))
    return network.eval().requires_grad_(False)


def part(state, name):
    return {key[len(name) + 1:]: value.float() for key, value in state.items() if key.startswith(name + '.')}


def load_keyframe(path):
    """-> text encoder, denoiser and vocabulary, with averaged weights."""
    state = torch.load(path, map_location='cpu')
    if 'te' in state:
        words, text, denoiser = state['words'], legacy.text(state['te']), legacy.denoiser(state['u'])
    else:
        words, text, denoiser = state['words'], part(state['average'], 'text'), part(state['average'], 'denoiser')
    vocabulary = Vocabulary(words, state.get('borrowed'))
    encoder, network = TextEncoder(len(vocabulary)), Denoiser()
    legacy.load(encoder, text)
    legacy.load(network, denoiser)
    return encoder.eval(), network.eval(), vocabulary


def load_video(path, keyframe):
    """-> Denoiser(video=True). keyframe: the Denoiser whose spatial layers it shares."""
    state = torch.load(path, map_location='cpu')
    network = Denoiser(video=True)
    temporal = part(state['average'], 'denoiser')
    legacy.load(network, {**spatial(keyframe), **temporal, 'residual': state['residual']})
    return network.eval()


def spatial(keyframe):
    return {name: value for name, value in keyframe.state_dict().items() if name.split('.')[0] not in ('norm_out', 'conv_out')}
