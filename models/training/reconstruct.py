"""How the autoencoder learns: from random crops, half of them on grounds, under a loss at four scales."""
import functools

import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import Autoencoder, multiscale_loss
from data import FRAMES, Data, cache
from fit import Fit, save
from latents import is_held_out
from weights import load_autoencoder

CROP = 128


def random_grounds(rng, count, side):
    top, bottom = torch.from_numpy(rng.random((2, count, 3, 1, 1), dtype=np.float32))
    down = torch.linspace(0, 1, side)[None, None, :, None] * torch.from_numpy((rng.random((count, 1, 1, 1)) < .4).astype(np.float32))
    return (top * (1 - down) + bottom * down).expand(count, 3, side, side)


def crops(data, rng, count, progress):
    """Random 128×128 crops, half of them on a ground."""
    made = np.empty((count, CROP, CROP, 4), np.uint8)
    for i in range(count):
        while True:
            animated = rng.random() < .65
            row = rng.integers(len(data.clips if animated else data.stills))
            if not is_held_out(row):
                break
        picture = data.clips[row, rng.integers(FRAMES)] if animated else data.stills[row]
        y, x = rng.integers(0, picture.shape[0] - CROP + 1, 2)
        crop = picture[y:y + CROP, x:x + CROP]
        made[i] = crop[:, ::-1] if rng.random() < .5 else crop
    x, some = torch.from_numpy(made).permute(0, 3, 1, 2).float() / 255, count // 2
    x[:some, :3] += random_grounds(rng, some, CROP) * (1 - x[:some, 3:])
    x[:some, 3] = 1
    return x


def autoencoder_loss(network, pictures):
    """One batch in six as half-size latents of half-size pictures; a little noise on the latents."""
    pictures = pictures.to(network.mean.device).contiguous(memory_format=torch.channels_last)
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
        latents = network.encoder(pictures * 2 - 1).float()
        noisy = latents + 0.1 * torch.randn_like(latents)
        if np.random.random() < 1 / 6:
            noisy, pictures = F.avg_pool2d(noisy, 2), F.avg_pool2d(pictures, 2)
        made = network.decoder(noisy.contiguous(memory_format=torch.channels_last)).float() * .5 + .5
    return (multiscale_loss(made, pictures) + 2e-3 * (latents**2).mean())[None]


@torch.no_grad()
def normalise(network, data, rng):
    """Sets mean and deviation so that latents have zero mean and unit deviation over whole pictures, half of them on grounds."""
    network.mean.zero_()
    network.deviation.fill_(1)
    rows = range(0, len(data.clips), max(1, len(data.clips) // 120))
    latents = []
    for i, row in enumerate(rows):
        x = torch.from_numpy(np.array(data.clips[row][[0, 5]])).permute(0, 3, 1, 2).float() / 255
        if i % 2:
            x = torch.cat([x[:, :3] + random_grounds(rng, len(x), x.shape[-1]) * (1 - x[:, 3:]), torch.ones_like(x[:, 3:])], 1)
        latents.append(network.encode(x))
    latents = torch.cat(latents)
    network.mean.copy_(latents.mean((0, 2, 3)))
    network.deviation.copy_(latents.std((0, 2, 3)))


def autoencoder(options, fit_options):
    data = Data()
    network = load_autoencoder(options.start).requires_grad_(True).train() if options.start else Autoencoder()
    frozen = ('encoder',) if options.decoder_only else ()
    statistics = dict(mean=network.mean.clone(), deviation=network.deviation.clone())
    Fit(network, autoencoder_loss, functools.partial(crops, data), fit_options, trainable=lambda name: name.split('.')[0] not in frozen).run()
    state = torch.load(fit_options.path, map_location='cpu')
    weights = {**{name: value.float() for name, value in network.state_dict().items()}, **state['average'], **statistics}
    if not options.decoder_only:
        whole = Autoencoder()
        whole.load_state_dict(weights)
        normalise(whole, data, np.random.default_rng(0))
        weights = whole.state_dict()
    save(weights, cache('autoencoder.pt'))
