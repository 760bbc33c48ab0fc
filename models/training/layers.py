"""Layers of the keyframe denoiser: text-conditioned residual blocks and attention."""
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from text import attention, sizes

TEXT, EMBEDDING, HEADS = 192, 256, 4


def zeroed(layer):
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def conv(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


def slow_in_half(x):
    """On CPUs, torch 1.13 needs eight times as long for layer norm in bfloat16 as in float32, and twice as long for SiLU."""
    return x.dtype == torch.bfloat16 and not x.is_cuda


def silu(x):
    return F.silu(x.float()).to(x.dtype) if slow_in_half(x) else F.silu(x)


def layer_norm(x, weight, bias):
    if slow_in_half(x):
        return F.layer_norm(x.float(), weight.shape, weight.float(), bias.float(), 1e-5).to(x.dtype)
    if x.is_cuda:           # within the kernel, gradients of weight and bias use few of a GPU's cores when rows are many and short (pytorch/pytorch#148605)
        return torch.addcmul(bias, F.layer_norm(x, weight.shape, None, None, 1e-5), weight)
    return F.layer_norm(x, weight.shape, weight, bias, 1e-5)


class LayerNorm(nn.LayerNorm):
    def forward(self, x):
        return layer_norm(x, self.weight, self.bias)


class PixelNorm(nn.Module):
    """Layer norm over the channels of each pixel."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return layer_norm(x.permute(0, 2, 3, 1), self.weight, self.bias).permute(0, 3, 1, 2)


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.conv1 = PixelNorm(inputs), conv(inputs, outputs)
        self.modulate = zeroed(nn.Linear(EMBEDDING, 2 * outputs))
        self.norm2, self.conv2 = PixelNorm(outputs), zeroed(conv(outputs, outputs))
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, guide):
        scale, shift = guide.maps(self.modulate, sizes(x)[-1]).chunk(2, 1)
        h = self.norm2(self.conv1(silu(self.norm1(x))))
        return self.skip(x) + self.conv2(silu(h * (1 + scale) + shift))


@dataclass(frozen=True)
class Guide:
    """The text conditioning of the denoiser's layers."""
    embedding: torch.Tensor      # [batch, 2, EMBEDDING]: time, and the subject or the second object
    others: dict                 # side -> [batch, side · side, 1]: weight of the second object at each position, 0 to 1
    text: torch.Tensor           # [batch, tokens, TEXT]: keys and values of cross-attention
    mask: torch.Tensor           # [batch, 1, 1, tokens]: added to the attention scores

    def maps(self, layer, side):
        """Modulation maps [batch, channels, side, side]: at each position `layer` of the subject's or the second object's embedding."""
        subject, other = layer(self.embedding).chunk(2, 1)
        made = subject + self.others[side] * (other - subject)
        return made.reshape(-1, side, side, sizes(made)[-1]).permute(0, 3, 1, 2)


def resampling(start, extent, side):
    """Area resampling weights [batch, side (to), side (from)] that shrink a line of `side` values onto the interval from `start` of length `extent`. Both [batch], in parts of the line."""
    to = torch.arange(side + 1, device=start.device) / side
    edges = (to - start[:, None]) / extent[:, None] * side                                        # in units of the numbers to read
    cells = torch.arange(side, device=start.device)
    overlap = torch.minimum(edges[:, 1:, None], cells + 1.0) - torch.maximum(edges[:, :-1, None], cells * 1.0)
    return overlap.clamp(min=0) * extent[:, None, None]


class Attend(nn.Module):
    """Self-attention over all positions, cross-attention to the text tokens, then an MLP."""

    def __init__(self, channels, side):
        super().__init__()
        self.position = nn.Parameter(torch.randn(side * side, channels) * 0.02)
        self.norm_self, self.qkv, self.out_self = LayerNorm(channels), nn.Linear(channels, 3 * channels), zeroed(nn.Linear(channels, channels))
        self.norm_cross, self.query = LayerNorm(channels), nn.Linear(channels, channels)
        self.key_value, self.out_cross = nn.Linear(TEXT, 2 * channels), zeroed(nn.Linear(channels, channels))
        self.norm_mlp, self.expand, self.contract = LayerNorm(channels), nn.Linear(channels, 3 * channels), zeroed(nn.Linear(3 * channels, channels))

    def forward(self, x, guide):
        channels, height, width = sizes(x)
        y = x.permute(0, 2, 3, 1).reshape(-1, height * width, channels)
        y = y + self.out_self(attention(*self.qkv(self.norm_self(y) + self.position).chunk(3, -1), HEADS))
        key, value = self.key_value(guide.text).chunk(2, -1)
        y = y + self.out_cross(attention(self.query(self.norm_cross(y)), key, value, HEADS, guide.mask))
        y = y + self.contract(F.gelu(self.expand(self.norm_mlp(y))))
        return y.reshape(-1, height, width, channels).permute(0, 3, 1, 2)
