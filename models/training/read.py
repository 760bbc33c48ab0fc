"""Reads a model package back into PyTorch networks, so that a package can serve as a checkpoint.

    python3 read.py ../sticker       # writes keyframe.pt, video.pt and autoencoder.pt into the cache, to continue training"""
import argparse
import json
import os

import onnx
from onnx import numpy_helper

import package
from autoencoder import Autoencoder
from data import cache
from denoiser import Denoiser
from fit import save
from motion import FlowDecoder, MotionDenoiser
from teacher import Features
from text import TextEncoder, Vocabulary


def read_package(folder):
    """-> text encoder, keyframe denoiser, motion (features, denoiser, decoder), autoencoder, vocabulary."""
    with open(os.path.join(folder, 'tokenizer', 'tokenizer.json'), encoding='utf-8') as file:
        tokens = json.load(file)
    paths = {name: os.path.join(folder, *(name if '/' in name else name + '/model').split('/')) + '.onnx' for name in (
        'text_encoder', 'unet', 'vae_encoder', 'vae_decoder', 'unet/clip', 'motion/first_frame', 'motion/decoder')}
    words, first, borrowed = tokens['words'], tokens['first_word_id'], {}
    for tensor in onnx.load(paths['text_encoder']).graph.initializer:
        if tensor.name == 'lenders':
            lenders = numpy_helper.to_array(tensor)
            own = int(lenders.max()) + 1 - first                          # number of words with embeddings of their own
            borrowed = {word: words[lenders[first + own + i] - first] for i, word in enumerate(words[own:])}
            words = words[:own]
    vocabulary = Vocabulary(words, borrowed)
    encoder, still, picture, motion = TextEncoder(len(vocabulary)), Denoiser(), Autoencoder(), (Features(), MotionDenoiser(), FlowDecoder())
    load(encoder, package.read(paths['text_encoder'], 'encoder'))
    load(still, package.read(paths['unet'], 'denoiser'))
    load(picture, {**package.read(paths['vae_encoder'], 'autoencoder'), **package.read(paths['vae_decoder'], 'autoencoder')})
    load(motion[0], package.read(paths['motion/first_frame'], 'features'))
    load(motion[1], {**package.read(paths['motion/first_frame'], 'denoiser'), **package.read(paths['unet/clip'], 'denoiser')})
    load(motion[2], {name: value for name, value in package.read(paths['motion/decoder'], 'decoder').items()})
    for network in (encoder, still, picture, *motion):
        network.eval().requires_grad_(False)
    return encoder, still, motion, picture, vocabulary


def load(network, state):
    """Every parameter must be there; buffers that are constants need not."""
    missing, unexpected = network.load_state_dict(state, strict=False)
    wrong = [name for name in missing if name in dict(network.named_parameters())] + unexpected
    if wrong:
        raise ValueError(f'These weights are not of this network: {", ".join(wrong[:5])}.')


def checkpoints(folder):
    """Name of the network -> a checkpoint as train.py saves it, with the package's rounded weights."""
    encoder, still, (features, denoiser, decoder), network, vocabulary = read_package(folder)
    named = {**{'text.' + name: value for name, value in encoder.state_dict().items()}, **{'denoiser.' + name: value for name, value in still.state_dict().items()}}
    motion = dict(average=dict(denoiser.named_parameters()), features=features.state_dict(), components=decoder.components)
    return dict(keyframe=dict(average=named, **vocabulary.state()), video=motion, autoencoder=network.state_dict())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help='of the package')
    for name, state in checkpoints(parser.parse_args().folder).items():
        save(state, cache(name + '.pt'))
        print(cache(name + '.pt'))


if __name__ == '__main__':
    main()
