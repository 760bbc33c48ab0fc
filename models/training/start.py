"""Makes initial weights from the first generation's package (128×128, 8 latent channels), which knows all concepts by name.

    python3 start.py FIRST       # its folder (models/sticker at commit e8960f6); writes keyframe-start.pt and video-start.pt into the cache

Both generations have 16×16 latents of the same image regions, so one is nearly a linear map of the other (R² .87 from the new to the
old). Only the layers that touch latents are transformed by that map. All others are copied, and new parts start as the identity.
Training then gets names right after minutes instead of hours: python3 train.py keyframe --start …/keyframe-start.pt."""
import argparse
import os

import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import encode
from data import Data, cache, word_vectors
from denoiser import Denoiser
from keyframe import caption_words
from latents import load_plain, tensor
from read import read_package
from text import FIRST_WORD, POOLED, SPECIAL, TOKENS, TextEncoder
from video import is_temporal, residual_deviation


def linear(inputs, outputs, ridge=1e-3):
    """Ridge regression of outputs [n, b] on inputs [n, a] -> weights [a, b], without the constant."""
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], 1)
    square = inputs.T @ inputs + ridge * len(inputs) * torch.eye(inputs.shape[1])
    return torch.linalg.solve(square, inputs.T @ outputs)[:-1]


def maps(data, old_autoencoder, size=128):
    """Linear maps from new to old latents [12, 8] and back [8, 12], fitted on the first frames of all clips."""
    new = torch.from_numpy(load_plain()[0][:, 0].astype(np.float32))
    old = torch.cat([encode(old_autoencoder, F.interpolate(tensor(data.clips[row:row + 1, 0]) / 255, size=size, mode='area')) for row in range(len(new))])
    new, old = [x.permute(0, 2, 3, 1).reshape(-1, x.shape[1]) for x in (new, old)]
    return linear(new, old), linear(old, new)


def through_inputs(weight, forward):
    """The weights of a convolution of old latents -> of new ones. weight [o, 8, 3, 3], forward [12, 8]."""
    return torch.einsum('oihw,ji->ojhw', weight, forward)


def through_outputs(weight, bias, back):
    return torch.einsum('oihw,oj->jihw', weight, back), bias @ back


def text(old, old_vocabulary, words, importance, generator):
    """Known words keep their embeddings. Others start from their singular, their nearest neighbour, or random values."""
    encoder = TextEncoder(len(words) + FIRST_WORD)
    state, source = encoder.state_dict(), old.state_dict()
    for name, value in source.items():
        if name in state and state[name].shape == value.shape:
            state[name] = value
    first = source['position']
    state['position'] = torch.cat([first[:1], first, first[-1:].expand(TOKENS - SPECIAL + POOLED - 1 - len(first), -1)])
    names, vectors = word_vectors()
    rows = {name: row for row, name in enumerate(names)}
    known = [word for word in old_vocabulary.words if word in rows]
    table = torch.from_numpy(vectors[[rows[word] for word in known]])
    embedding = torch.randn(state['embedding.weight'].shape, generator=generator) * source['embedding.weight'].std()
    embedding[:FIRST_WORD], state['importance'][:FIRST_WORD] = source['embedding.weight'][:FIRST_WORD], source['importance'][:FIRST_WORD]
    for i, word in enumerate(words):
        own, near, lender = i + FIRST_WORD, 1.0, old_vocabulary.rows.get(word)
        if lender is None:
            singular = [form for form in (word[:-1], word[:-2], word[:-3] + 'y') if word.endswith('s') and form in old_vocabulary.rows]
            if singular:
                near, lender = .9, old_vocabulary.rows[singular[0]]
            elif word in rows:
                likeness = table @ torch.from_numpy(vectors[rows[word]])
                near, best = likeness.max().item(), int(likeness.argmax())
                lender = old_vocabulary.rows[known[best]] if near > .6 else None
        if lender is None:
            state['importance'][own] = importance[i]
        else:
            embedding[own] = near * source['embedding.weight'][lender] + .5 * (1 - near**2) ** .5 * embedding[own]
            state['importance'][own] = source['importance'][lender]
    state['embedding.weight'] = embedding
    encoder.load_state_dict(state)
    return encoder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help="the first generation's package")
    data, (old_text, old_still, old_moving, old_autoencoder, old_vocabulary) = Data(), read_package(parser.parse_args().folder)
    generator = torch.Generator().manual_seed(0)
    forward, back = maps(data, old_autoencoder)
    words, importance = caption_words(data)
    encoder = text(old_text, old_vocabulary, words, importance, generator)

    still = {name: value for name, value in old_still.state_dict().items()}
    still['conv_in.weight'] = through_inputs(still['conv_in.weight'], forward)
    still['conv_out.weight'], still['conv_out.bias'] = through_outputs(still['conv_out.weight'], still['conv_out.bias'], back)
    Denoiser().load_state_dict(still)
    average = {**{'text.' + name: value for name, value in encoder.state_dict().items()}, **{'denoiser.' + name: value for name, value in still.items()}}
    torch.save(dict(average=average, words=words), cache('keyframe-start.pt'))

    moving, clips = old_moving.state_dict(), load_plain()[0]
    deviation = residual_deviation(clips, np.random.default_rng(0))
    condition = moving['condition.weight']
    moving['condition.weight'] = torch.cat([through_inputs(condition[:, :-1], forward), condition[:, -1:]], 1)
    scaled = back * moving['residual'][:, None] / deviation[None]                    # the network's output is in units of the residual's deviation
    moving['video_out.weight'], moving['video_out.bias'] = through_outputs(moving['video_out.weight'], moving['video_out.bias'], scaled)
    moving['residual'] = deviation
    temporal = {'denoiser.' + name: value for name, value in moving.items() if is_temporal('denoiser.' + name)}
    torch.save(dict(average=temporal, residual=deviation), cache('video-start.pt'))
    known = sum(word in old_vocabulary.rows for word in words)
    print(f'{len(words)} words, {known} of them known; keyframe-start.pt and video-start.pt in {os.path.dirname(cache("x"))}')


if __name__ == '__main__':
    main()
