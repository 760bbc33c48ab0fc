"""Training of the autoencoder: random crops, half of them on backgrounds, with a loss at four scales. Once denoisers depend on its
latents, these must stay valid: only the decoder is trained, or the encoder is held near its former latents. The decoder then also
learns to correct the denoiser's errors: some crops come with latents made by the denoiser (regenerate.py)."""
import functools

import numpy as np
import torch
import torch.nn.functional as F

import regenerate
from autoencoder import Autoencoder, multiscale_loss
from data import FRAMES, Data, cache
from fit import Fit, save
from latents import is_held_out
from weights import load_autoencoder

CROP = 128
NOISE = .05              # deviation of the noise added to latents
SQUARED = 50             # weight of the squared error (PSNR) relative to the absolute error
NEAR = .1                # weight of the squared distance from the former latents
REGENERATED = .25        # share of crops with latents made by the denoiser


def random_grounds(rng, count, side):
    top, bottom = torch.from_numpy(rng.random((2, count, 3, 1, 1), dtype=np.float32))
    down = torch.linspace(0, 1, side)[None, None, :, None] * torch.from_numpy((rng.random((count, 1, 1, 1)) < .4).astype(np.float32))
    return (top * (1 - down) + bottom * down).expand(count, 3, side, side)


def crops(data, rng, count, progress):
    """Random 128×128 crops, half of them on a background."""
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


def with_regenerated(data, regenerated, rng, count, progress):
    """-> crops, and latents [count · REGENERATED, 12, 8, 8] that the denoiser made for the last of them."""
    pictures, latents = regenerated
    some, side, made, given = int(count * REGENERATED), latents.shape[-1], [], []
    step = pictures.shape[1] // side
    for _ in range(some):
        row, (y, x) = rng.integers(len(pictures)), rng.integers(0, side - CROP // step + 1, 2)
        made.append(pictures[row, y * step:y * step + CROP, x * step:x * step + CROP])
        given.append(latents[row, :, y:y + CROP // step, x:x + CROP // step])
    made = torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2).float() / 255
    return torch.cat([crops(data, rng, count - some, progress), made]), torch.from_numpy(np.stack(given)).float()


def clamped(made, real):
    """Decoding clamps, so values beyond 0 or 1 are no error where the image is 0 or 1. Transparent pixels become exactly transparent."""
    made = torch.where(real <= 0, made.clamp(min=0), made)
    return torch.where(real >= 1, made.clamp(max=1), made)


def squared_loss(made, real):
    """Squared error of premultiplied colours, alpha, and the composite on white, at full and half size."""
    error = made - real
    error = torch.cat([error, error[:, :3] - error[:, 3:]], 1)
    return (error**2).mean() + (F.avg_pool2d(error, 2)**2).mean()


def autoencoder_loss(network, batch, near=None):
    """batch: images, or images and normalised latents for the last of them. Latents from the encoder get a little noise.
    near: the former encoder, whose latents the new ones must stay near."""
    device = network.mean.device
    pictures, given = [x.to(device) for x in batch] if isinstance(batch, tuple) else (batch.to(device), None)
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        encoded = pictures[:len(pictures) - (0 if given is None else len(given))] * 2 - 1
        latents = network.encoder(encoded).float()
        shown = latents + NOISE * torch.randn_like(latents)
        if given is not None:
            shown = torch.cat([shown, given * network.deviation[:, None, None] + network.mean[:, None, None]])
        made = network.decoder(shown.contiguous(memory_format=torch.channels_last)).float() * .5 + .5
        if near is not None:
            with torch.no_grad():
                before = near(encoded).float()
    made = clamped(made, pictures)
    loss = multiscale_loss(made, pictures) + SQUARED * squared_loss(made, pictures) + 2e-3 * (latents**2).mean()
    if near is not None:
        loss = loss + NEAR * (((latents - before) / network.deviation[:, None, None])**2).mean()
    return loss[None]


@torch.no_grad()
def normalise(network, data, rng):
    """Sets mean and deviation so that latents have zero mean and unit deviation over whole pictures, half of them on backgrounds."""
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
    frozen = ('encoder',) if options.latents == 'same' else ()
    statistics = dict(mean=network.mean.clone(), deviation=network.deviation.clone())
    regenerated = regenerate.load() if options.latents != 'new' else None
    batches = functools.partial(with_regenerated, data, regenerated) if regenerated else functools.partial(crops, data)
    near = load_autoencoder(options.start).encoder.to(options.device) if options.latents == 'near' else None
    Fit(network, functools.partial(autoencoder_loss, near=near), batches, fit_options, trainable=lambda name: name.split('.')[0] not in frozen).run()
    state = torch.load(fit_options.path, map_location='cpu')
    weights = {**{name: value.float() for name, value in network.state_dict().items()}, **state['average'], **statistics}
    if options.latents == 'new':
        whole = Autoencoder()
        whole.load_state_dict(weights)
        normalise(whole, data, np.random.default_rng(0))
        weights = whole.state_dict()
    save(weights, cache('autoencoder.pt'))
