"""The denoiser: noise to keyframe and, with its temporal layers, keyframe (and words) to a loop of sixteen frames.

Like Emu Video (arXiv 2311.10709): one spatial network serves both, temporal layers start as the identity and are the only
ones trained for video, the first frame's latent and a mask are joined to the input. v-prediction on the cosine schedule,
alpha = cos(πt/2), sigma = sin(πt/2), so that the signal-to-noise ratio at t = 1 is exactly zero (arXiv 2305.08891)."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from text import attention, sizes

CHANNELS, SIDE, FRAMES, TEXT = 12, 16, 16, 192
WIDTHS, EMBEDDING, HEADS = (96, 192, 224), 256, 4
FREQUENCIES = torch.linspace(0, 5, 32).exp().bfloat16().float()      # of time; rounded, as the first weights learned them
TEMPORAL = ('temporal', 'condition', 'video_norm', 'video_out', 'video_embedding', 'residual')


def alpha_sigma(t):
    return torch.cos(t * math.pi / 2), torch.sin(t * math.pi / 2)


def zeroed(layer):
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def conv(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


class PixelNorm(nn.Module):
    """Layer norm over the channels of each pixel."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, 1e-5).permute(0, 3, 1, 2)


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.conv1 = PixelNorm(inputs), conv(inputs, outputs)
        self.modulate = zeroed(nn.Linear(EMBEDDING, 2 * outputs))
        self.norm2, self.conv2 = PixelNorm(outputs), zeroed(conv(outputs, outputs))
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, embedding):
        scale, shift = self.modulate(embedding)[:, :, None, None].chunk(2, 1)
        h = self.norm2(self.conv1(F.silu(self.norm1(x)))) * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.silu(h))


class Attend(nn.Module):
    """Every position attends to all others, then to the text tokens; then an MLP."""

    def __init__(self, channels, side):
        super().__init__()
        self.position = nn.Parameter(torch.randn(side * side, channels) * 0.02)
        self.norm_self, self.qkv, self.out_self = nn.LayerNorm(channels), nn.Linear(channels, 3 * channels), zeroed(nn.Linear(channels, channels))
        self.norm_cross, self.query = nn.LayerNorm(channels), nn.Linear(channels, channels)
        self.key_value, self.out_cross = nn.Linear(TEXT, 2 * channels), zeroed(nn.Linear(channels, channels))
        self.norm_mlp, self.expand, self.contract = nn.LayerNorm(channels), nn.Linear(channels, 3 * channels), zeroed(nn.Linear(3 * channels, channels))

    def forward(self, x, text, mask):
        channels, height, width = sizes(x)
        y = x.permute(0, 2, 3, 1).reshape(-1, height * width, channels)
        y = y + self.out_self(attention(*self.qkv(self.norm_self(y) + self.position).chunk(3, -1), HEADS))
        key, value = self.key_value(text).chunk(2, -1)
        y = y + self.out_cross(attention(self.query(self.norm_cross(y)), key, value, HEADS, mask))
        y = y + self.contract(F.gelu(self.expand(self.norm_mlp(y))))
        return y.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


class Temporal(nn.Module):
    """Convolution over neighbouring frames, then attention over all of them; the identity until trained. Frames are a circle."""

    def __init__(self, channels, attend):
        super().__init__()
        self.norm, self.conv1, self.conv2 = PixelNorm(channels), nn.Conv2d(channels, channels, (3, 1)), zeroed(nn.Conv2d(channels, channels, (3, 1)))
        self.attend = attend
        if attend:
            self.position = nn.Parameter(torch.randn(FRAMES, channels) * 0.1)
            self.norm_attention, self.qkv, self.out = nn.LayerNorm(channels), nn.Linear(channels, 3 * channels), zeroed(nn.Linear(channels, channels))

    def along_time(self, layer, x):
        channels, height, width = sizes(x)
        x = x.permute(0, 2, 3, 1).reshape(-1, FRAMES, height * width, channels)
        x = layer(torch.cat([x[:, -1:], x, x[:, :1]], 1).permute(0, 3, 1, 2))
        return x.permute(0, 2, 3, 1).reshape(-1, height, width, channels).permute(0, 3, 1, 2)

    def forward(self, x):
        x = x + self.along_time(self.conv2, F.silu(self.along_time(self.conv1, F.silu(self.norm(x)))))
        if not self.attend:
            return x
        channels, height, width = sizes(x)
        y = x.permute(0, 2, 3, 1).reshape(-1, FRAMES, height * width, channels).transpose(1, 2).reshape(-1, FRAMES, channels)
        y = y + self.out(attention(*self.qkv(self.norm_attention(y) + self.position).chunk(3, -1), HEADS))
        y = y.reshape(-1, height * width, FRAMES, channels).transpose(1, 2)
        return y.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


class Denoiser(nn.Module):
    def __init__(self, video=False, channels=CHANNELS):
        super().__init__()
        a, b, c = WIDTHS
        self.video, self.channels = video, channels
        self.time_in, self.time_out = nn.Linear(64, EMBEDDING), nn.Linear(EMBEDDING, EMBEDDING)
        self.pool_mean, self.pool_subject = nn.Linear(TEXT, EMBEDDING), nn.Linear(TEXT, EMBEDDING)
        self.pool_ground, self.pool_out = zeroed(nn.Linear(TEXT, EMBEDDING)), nn.Linear(EMBEDDING, EMBEDDING)
        self.layout4, self.layout4_conv = nn.Linear(EMBEDDING, 16 * 96), nn.Conv2d(96, c, 1)    # text -> coarse layout maps,
        self.layout8, self.layout8_conv = nn.Linear(EMBEDDING, 64 * 24), nn.Conv2d(24, b, 1)    # added at 4×4 and at 8×8
        self.conv_in = conv(channels, a)
        self.enter16_1, self.enter16_2, self.down8 = Residual(a, a), Residual(a, a), conv(a, b, 2)
        self.enter8_1, self.attend8_in, self.enter8_2, self.down4 = Residual(b, b), Attend(b, 8), Residual(b, b), conv(b, c, 2)
        self.middle_1, self.attend4, self.middle_2, self.up8 = Residual(c, c), Attend(c, 4), Residual(c, c), conv(c, b)
        self.leave8_1, self.attend8_out, self.leave8_2, self.up16 = Residual(2 * b, b), Attend(b, 8), Residual(b, b), conv(b, a)
        self.leave16_1, self.leave16_2 = Residual(2 * a, a), Residual(a, a)
        if video:
            self.condition = zeroed(conv(channels + 1, a))
            self.video_embedding = nn.Parameter(torch.zeros(EMBEDDING))
            self.temporal = nn.ModuleDict({
                'in16': Temporal(a, False), 'enter16': Temporal(a, False), 'enter8': Temporal(b, True), 'middle': Temporal(c, True),
                'leave8': Temporal(b, True), 'leave16_1': Temporal(a, False), 'leave16_2': Temporal(a, False)})
            self.video_norm, self.video_out = PixelNorm(a), zeroed(conv(a, channels))
            self.register_buffer('residual', torch.ones(channels))       # deviation of a frame from the first, per channel
        else:
            self.norm_out, self.conv_out = PixelNorm(a), zeroed(conv(a, channels))

    def embed(self, t, text, keep):
        """time in [0, 1], text tokens, keep mask -> embedding for the residual blocks, pooled text for the layout maps.
        Where the first token is not kept there is no pooled text at all: training drops it at times, so that attention learns to do without."""
        phase = t.float()[:, None] * FREQUENCIES.to(t.device)
        time = torch.cat([phase.sin(), phase.cos()], -1).to(text.dtype)
        keep = keep.to(text.dtype)[..., None]
        mean = (text * keep)[:, 2:].sum(1) / keep.sum(1)
        pooled = F.silu(self.pool_mean(mean) + self.pool_subject(text[:, 0]) + self.pool_ground(text[:, 1])) * keep[:, 0]
        embedding = self.time_out(F.silu(self.time_in(time))) + self.pool_out(pooled)
        return F.silu(embedding + self.video_embedding if self.video else embedding), pooled

    def through_time(self, name, x):
        return self.temporal[name](x) if self.video else x

    def forward(self, x, t, text, keep, condition=None):
        """x [n, channels, 16, 16], t [n], text [n, tokens, TEXT], keep [n, tokens] -> the same shape as x.
        With video n = batch · FRAMES, and condition [n, channels + 1, 16, 16] is the first frame's latent, repeated, and the mask."""
        e, pooled = self.embed(t, text, keep)
        mask = ((1 - keep) * -1e4).to(text.dtype)[:, None, None, :]
        h = self.conv_in(x)
        if self.video:
            h = self.through_time('in16', h + self.condition(condition))
        h16 = self.through_time('enter16', self.enter16_2(self.enter16_1(h, e), e))
        h = self.down8(h16) + self.layout8_conv(self.layout8(pooled).reshape(-1, 24, 8, 8))
        h8 = self.enter8_2(self.through_time('enter8', self.attend8_in(self.enter8_1(h, e), text, mask)), e)
        h = self.down4(h8) + self.layout4_conv(self.layout4(pooled).reshape(-1, 96, 4, 4))
        h = self.middle_2(self.through_time('middle', self.attend4(self.middle_1(h, e), text, mask)), e)
        h = self.up8(F.interpolate(h, scale_factor=2.0, mode='nearest'))
        h = self.leave8_2(self.through_time('leave8', self.attend8_out(self.leave8_1(torch.cat([h, h8], 1), e), text, mask)), e)
        h = self.up16(F.interpolate(h, scale_factor=2.0, mode='nearest'))
        h = self.through_time('leave16_1', self.leave16_1(torch.cat([h, h16], 1), e))
        h = self.through_time('leave16_2', self.leave16_2(h, e))
        return self.video_out(F.silu(self.video_norm(h))) if self.video else self.conv_out(F.silu(self.norm_out(h)))


class Keyframe(nn.Module):
    """The exported keyframe graph: sample [B, C, 16, 16], timestep [B] in 0..999 -> v."""

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser = denoiser

    def forward(self, sample, timestep, encoder_hidden_states, encoder_attention_mask):
        return self.denoiser(sample, (timestep.float() + 1) / 1000, encoder_hidden_states, encoder_attention_mask)


def repeat_frames(x):
    """[B, ...] -> [B · FRAMES, ...]."""
    return x[:, None].expand(-1, FRAMES, *sizes(x)).reshape(-1, *sizes(x))


def residual_velocity(x, first, made, t, deviation):
    """Residual preconditioning -> plain v. Were differences from the first frame Gaussian with this deviation, the posterior
    mean of a frame would be first + weight · (x - alpha · first); the network predicts what is left, in units of the posterior's
    own deviation, so that "nothing moves" is its zero. Written without a division by sigma."""
    alpha, sigma = alpha_sigma(t)
    denominator = alpha**2 * deviation**2 + sigma**2
    return alpha * sigma * (1 - deviation**2) / denominator * (x - alpha * first) - sigma * first - deviation / denominator.sqrt() * made


def residual_target(x, first, clean, t, deviation):
    """What the network should say for residual_velocity to be right."""
    alpha, sigma = alpha_sigma(t)
    denominator = alpha**2 * deviation**2 + sigma**2
    return (clean - first - alpha * deviation**2 / denominator * (x - alpha * first)) * denominator.sqrt() / (deviation * sigma)


class Clip(nn.Module):
    """The exported clip graph: sample [B, 2C + 1, F, 16, 16] = noise, image (first frame, zeros elsewhere), mask -> plain v [B, C, F, 16, 16].
    Where there is an image the first frame is it. Without one (image and mask zero) this is plain v-prediction."""

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser = denoiser

    def forward(self, sample, timestep, encoder_hidden_states, encoder_attention_mask):
        c = self.denoiser.channels
        frames = sample.permute(0, 2, 1, 3, 4)                                         # [B, F, 2C + 1, 16, 16]
        x, image, mask = frames[:, :, :c], frames[:, :1, c:2 * c], frames[:, :, 2 * c:]
        first = image.expand(-1, FRAMES, -1, -1, -1)
        t = (timestep.float() + 1) / 1000
        made = self.denoiser(
            x.reshape(-1, c, SIDE, SIDE), repeat_frames(t), repeat_frames(encoder_hidden_states), repeat_frames(encoder_attention_mask),
            torch.cat([first, mask], 2).reshape(-1, c + 1, SIDE, SIDE)).reshape(-1, *sizes(x))
        t = t.view(-1, 1, 1, 1, 1)
        given = mask[:, :1]
        deviation = given * self.denoiser.residual.view(1, 1, -1, 1, 1) + (1 - given)
        alpha, sigma = alpha_sigma(t)
        v = torch.where(mask > 0.5, (alpha * x - first) / sigma, residual_velocity(x, first, made, t, deviation))
        return v.permute(0, 2, 1, 3, 4)
