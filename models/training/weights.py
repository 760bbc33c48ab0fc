"""Loads checkpoints into networks."""
import torch

from autoencoder import Autoencoder
from denoiser import Denoiser
from text import TextEncoder, Vocabulary


def load_autoencoder(path):
    state = torch.load(path, map_location='cpu')
    network = Autoencoder()
    network.load_state_dict(state.get('average', state))
    return network.eval().requires_grad_(False)


def part(state, name):
    return {key[len(name) + 1:]: value.float() for key, value in state.items() if key.startswith(name + '.')}


def load_keyframe(path):
    """-> text encoder, denoiser and vocabulary, with averaged weights."""
    state = torch.load(path, map_location='cpu')
    vocabulary = Vocabulary(state['words'], state.get('borrowed'))
    encoder, network = TextEncoder(len(vocabulary)), Denoiser()
    encoder.load_state_dict(part(state['average'], 'text'))
    network.load_state_dict(part(state['average'], 'denoiser'))
    return encoder.eval(), network.eval(), vocabulary
