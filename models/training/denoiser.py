"""The keyframe denoiser: noise and text to a picture's latents. v-prediction on the cosine schedule, alpha = cos(πt/2),
sigma = sin(πt/2), so that the signal-to-noise ratio at t = 1 is exactly zero (arXiv 2305.08891)."""
import functools
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from layers import EMBEDDING, TEXT, Attend, Guide, PixelNorm, Residual, conv, resampling, silu, zeroed
from text import POOLED, SPECIAL, sizes

CHANNELS, SIDE, WIDTHS = 12, 16, (96, 192, 224)
NEAREST = 12             # sharpness of assigning a position to the object whose box is nearer
FREQUENCIES = torch.linspace(0, 5, 32).exp().bfloat16().float()      # of the time embedding; rounded because the first weights were trained so


def alpha_sigma(t):
    return torch.cos(t * math.pi / 2), torch.sin(t * math.pi / 2)


def logistic_times(count, shift, scale=1.1, device='cpu'):
    """[count] training times in (0, 1), logit-normal: mean `shift` and deviation `scale` of the logits."""
    return torch.sigmoid(torch.randn(count, device=device) * scale + shift)


@functools.lru_cache(maxsize=None)
def frequencies(device):
    """Of the time embedding, copied to a device once."""
    return FREQUENCIES.to(device)


class Denoiser(nn.Module):
    def __init__(self, channels=CHANNELS):
        super().__init__()
        a, b, c = WIDTHS
        self.channels = channels
        self.time_in, self.time_out = nn.Linear(64, EMBEDDING), nn.Linear(EMBEDDING, EMBEDDING)
        self.pool_mean, self.pool_subject = nn.Linear(TEXT, EMBEDDING), nn.Linear(TEXT, EMBEDDING)
        self.pool_ground, self.pool_out = zeroed(nn.Linear(TEXT, EMBEDDING)), nn.Linear(EMBEDDING, EMBEDDING)
        self.place = zeroed(nn.Linear(TEXT, 7))            # boxes of both objects (x, y, size each), and a logit of there being two
        self.layout4, self.layout4_conv = nn.Linear(EMBEDDING, 16 * 96), nn.Conv2d(96, c, 1)    # coarse layout maps from the text,
        self.layout8, self.layout8_conv = nn.Linear(EMBEDDING, 64 * 24), nn.Conv2d(24, b, 1)    # added at 4×4 and at 8×8
        self.conv_in = conv(channels, a)
        self.enter16_1, self.enter16_2, self.down8 = Residual(a, a), Residual(a, a), conv(a, b, 2)
        self.enter8_1, self.attend8_in, self.enter8_2, self.down4 = Residual(b, b), Attend(b, 8), Residual(b, b), conv(b, c, 2)
        self.middle_1, self.attend4, self.middle_2, self.up8 = Residual(c, c), Attend(c, 4), Residual(c, c), conv(c, b)
        self.leave8_1, self.attend8_out, self.leave8_2, self.up16 = Residual(2 * b, b), Attend(b, 8), Residual(b, b), conv(b, a)
        self.leave16_1, self.leave16_2 = Residual(2 * a, a), Residual(a, a)
        self.norm_out, self.conv_out = PixelNorm(a), zeroed(conv(a, channels))

    def places(self, text):
        """The boxes that the text implies, centre and size [batch, 2, 3] in parts of the image, and the logit [batch] of there being two objects."""
        said = self.place(text[:, SPECIAL - 1]).float()
        box = said[:, :6].reshape(-1, 2, 3)
        return torch.cat([box[..., :2] + .5, box[..., 2:].clamp(-2, 1).exp()], -1), said[:, 6] - 5

    def guide(self, t, text, keep):
        """t [batch] in [0, 1], text tokens, keep mask -> guide, and the layout maps at 8×8 and 4×4.
        If the first token is masked, no pooled text is used: training drops it at times, so that attention learns to work without it."""
        phase = t.float()[:, None] * frequencies(t.device)
        time = self.time_out(silu(self.time_in(torch.cat([phase.sin(), phase.cos()], -1).to(text.dtype))))
        keep = keep.to(text.dtype)[..., None]
        things, means = torch.stack([text[:, 0], text[:, 2]], 1), text[:, 3:5]
        pooled = silu(self.pool_mean(means) + self.pool_subject(things) + self.pool_ground(text[:, 1:2])) * keep[:, :1]
        embedding = time[:, None] + self.pool_out(pooled)
        embedding = silu(embedding)

        boxes, logit = self.places(text)
        there, others = torch.sigmoid(logit), {}
        for side in (SIDE, SIDE // 2, SIDE // 4):
            line = (torch.arange(side, device=t.device) + .5) / side
            far = ((line - boxes[..., :1])**2)[:, :, None, :] + ((line - boxes[..., 1:2])**2)[:, :, :, None]      # [batch, 2, side, side]
            far = (far / boxes[..., 2:, None]**2).flatten(2)
            others[side] = (there[:, None] * torch.sigmoid(NEAREST * (far[:, 0] - far[:, 1]))).to(text.dtype)[..., None]
        maps = []
        for layer, side in ((self.layout8, SIDE // 2), (self.layout4, SIDE // 4)):
            start, extent = boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., 2].flatten()
            across, down = [resampling(start[..., i].flatten(), extent, side).to(text.dtype).reshape(-1, 2, 1, side, side) for i in (0, 1)]
            weights = torch.stack([torch.ones_like(there), there], 1).to(text.dtype)[:, :, None, None, None]
            whole = layer(pooled)
            whole = whole.reshape(-1, 2, sizes(whole)[-1] // side**2, side, side)
            maps.append((weights * (down @ whole @ across.transpose(-1, -2))).sum(1))
        attended = torch.cat([text[:, :POOLED], text[:, SPECIAL:]], 1)
        mask = (1 - torch.cat([keep[:, :POOLED, 0], keep[:, SPECIAL:, 0]], 1)) * -1e4
        return Guide(embedding, others, attended, mask[:, None, None, :]), maps

    def forward(self, x, t, text, keep):
        """x [batch, channels, 16, 16], t [batch], text [batch, tokens, TEXT], keep [batch, tokens] -> the same shape as x."""
        guide, (layout8, layout4) = self.guide(t, text, keep)
        h16 = self.enter16_2(self.enter16_1(self.conv_in(x), guide), guide)
        h = self.down8(h16) + self.layout8_conv(layout8)
        h8 = self.enter8_2(self.attend8_in(self.enter8_1(h, guide), guide), guide)
        h = self.down4(h8) + self.layout4_conv(layout4)
        h = self.middle_2(self.attend4(self.middle_1(h, guide), guide), guide)
        h = self.up8(F.interpolate(h, scale_factor=2.0, mode='nearest'))
        h = self.leave8_2(self.attend8_out(self.leave8_1(torch.cat([h, h8], 1), guide), guide), guide)
        h = self.up16(F.interpolate(h, scale_factor=2.0, mode='nearest'))
        h = self.leave16_2(self.leave16_1(torch.cat([h, h16], 1), guide), guide)
        return self.conv_out(silu(self.norm_out(h)))


class Keyframe(nn.Module):
    """The exported keyframe graph: sample [B, C, 16, 16], timestep [B] in 0..999 -> v."""

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser = denoiser

    def forward(self, sample, timestep, encoder_hidden_states, encoder_attention_mask):
        return self.denoiser(sample, (timestep.float() + 1) / 1000, encoder_hidden_states, encoder_attention_mask)
