"""The autoencoder: 256×256 premultiplied RGBA in [0, 1] <-> latents [12, 16, 16] of zero mean and unit deviation.

A pixel unshuffle by four comes first, so every convolution works at 64×64 or below: 256×256 at the cost of 128×128."""
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F


def conv(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.conv2 = conv(channels, channels), conv(channels, channels)
        nn.init.zeros_(self.conv2.bias)
        self.conv2.weight.data *= 0.3

    def forward(self, x):
        return F.relu(x + self.conv2(F.relu(self.conv1(x))))


class Up(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = conv(inputs, outputs)

    def forward(self, x):
        return F.relu(self.conv(F.interpolate(x, scale_factor=2.0, mode='nearest')))


class Down(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = conv(inputs, outputs, 2)

    def forward(self, x):
        return F.relu(self.conv(x))


def blocks(widths, depths):
    return [nn.Sequential(*[Block(width) for _ in range(depth)]) for width, depth in zip(widths, depths)]


class Autoencoder(nn.Module):
    def __init__(self, channels=12, encoder_widths=(48, 96, 160), decoder_widths=(64, 112, 192), shuffle=4, encoder_depths=(3, 3, 4), decoder_depths=(3, 3, 4)):
        """widths and depths: channels and number of residual blocks at 64×64, 32×32 and 16×16."""
        super().__init__()
        a, b, c = encoder_widths
        blocks64, blocks32, blocks16 = blocks(encoder_widths, encoder_depths)
        self.encoder = nn.Sequential(OrderedDict(
            shuffle=nn.PixelUnshuffle(shuffle), enter=conv(4 * shuffle**2, a), relu=nn.ReLU(), blocks64=blocks64, down32=Down(a, b), blocks32=blocks32,
            down16=Down(b, c), blocks16=blocks16, leave=conv(c, channels)))
        a, b, c = decoder_widths
        blocks64, blocks32, blocks16 = blocks(decoder_widths, decoder_depths)
        self.decoder = nn.Sequential(OrderedDict(
            enter=conv(channels, c), relu=nn.ReLU(), blocks16=blocks16, up32=Up(c, b), blocks32=blocks32, up64=Up(b, a), blocks64=blocks64,
            leave=conv(a, 4 * shuffle**2), shuffle=nn.PixelShuffle(shuffle)))
        self.register_buffer('mean', torch.zeros(channels))
        self.register_buffer('deviation', torch.ones(channels))

    def encode(self, pictures):
        return (self.encoder(pictures * 2 - 1) - self.mean[:, None, None]) / self.deviation[:, None, None]

    def decode(self, latents):
        return (self.decoder(latents * self.deviation[:, None, None] + self.mean[:, None, None]) * 0.5 + 0.5).clamp(0, 1)


def multiscale_loss(made, real):
    """L1 loss of pixels and of their differences to the right and lower neighbours, at four scales."""
    loss = 0
    for scale in range(4):
        error = made - real
        loss = loss + error.abs().mean()
        if scale < 3:
            loss = loss + (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
            made, real = F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)
    return loss


def on_white(pictures):
    """Composites on white: [n, 4, h, w] premultiplied -> [n, 3, h, w]."""
    return (pictures[:, :3] + 1 - pictures[:, 3:]).clamp(0, 1)


@torch.no_grad()
def decode(autoencoder, latents, batch=16):
    """Decodes in float32, in batches. latents [n, c, 16, 16] -> [n, 4, 256, 256]."""
    return torch.cat([autoencoder.decode(latents[i:i + batch].float()) for i in range(0, len(latents), batch)])


@torch.no_grad()
def encode(autoencoder, pictures, batch=16):
    """Encodes in batches. pictures [n, 4, 256, 256] in [0, 1] -> latents [n, c, 16, 16], on the autoencoder's device."""
    return torch.cat([autoencoder.encode(pictures[i:i + batch].to(autoencoder.mean.device)) for i in range(0, len(pictures), batch)])
