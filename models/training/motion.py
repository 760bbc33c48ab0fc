"""The motion of clips: from the view of a first frame to the flows that move it around a loop of 16 frames.

Latents are COMPONENTS numbers a frame: principal components of flows of 16×16 cells (flows.py). The denoiser sees them beside what
the teacher's features say about the first frame at 4×4 places, and about the whole of it. No text: a thing's looks say what it does.
v-prediction on the cosine schedule of denoiser.py, zero terminal SNR."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

import noise
from data import FRAMES
from sample import solve, starting_noise, timestep
from teacher import CELLS, WIDTHS, Features
from text import sizes

COMPONENTS, WIDTH, HEADS, LAYERS = 64, 224, 7, 7
PLACES = 16                  # of the first frame, 4×4
HIGHEST = 5                  # harmonics around the loop that are kept: real clips have hardly any above


def norm(x):
    width = sizes(x)[-1:]
    return F.layer_norm(x, width, x.new_ones(width), x.new_zeros(width))          # exported without weights, the node is not valid


class Layer(nn.Module):
    """Attention between all tokens, then an MLP; both modulated by the condition (DiT, arXiv 2212.09748)."""

    def __init__(self):
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.expand, self.contract, self.modulate = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH), nn.Linear(WIDTH, 6 * WIDTH)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, x, condition):
        scale1, shift1, gate1, scale2, shift2, gate2 = [part[:, None] for part in self.modulate(condition).chunk(6, -1)]
        parts = self.qkv(norm(x) * (1 + scale1) + shift1).reshape(-1, sizes(x)[0], 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(parts[0] @ parts[1].transpose(-1, -2) * (WIDTH // HEADS) ** -.5, -1)
        x = x + gate1 * self.out((weights @ parts[2]).transpose(1, 2).reshape(-1, sizes(x)[0], WIDTH))
        return x + gate2 * self.contract(F.gelu(self.expand(norm(x) * (1 + scale2) + shift2)))


def patches(x, side):
    return F.pixel_unshuffle(x, side).flatten(2).transpose(1, 2)


class MotionDenoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.see8, self.see16 = nn.Linear(COMPONENTS, WIDTH), nn.Linear(4 * WIDTHS[3], WIDTH), nn.Linear(16 * WIDTHS[2], WIDTH)
        self.time_in, self.time_out, self.mean = nn.Linear(128, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTHS[3], WIDTH)
        phase = torch.arange(FRAMES) * 2 * math.pi / FRAMES
        self.waves = torch.stack([wave(k * phase) for k in (1, 2, 3, 4) for wave in (torch.sin, torch.cos)], -1)         # a constant of the graph
        self.when, self.frame, self.place = nn.Linear(8, WIDTH), nn.Parameter(torch.randn(FRAMES, WIDTH) * .02), nn.Parameter(torch.randn(PLACES, WIDTH) * .02)
        self.layers, self.leave = nn.ModuleList(Layer() for _ in range(LAYERS)), nn.Linear(WIDTH, COMPONENTS)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def view(self, f8, f16):
        """The teacher's features at 8 [n, 192, 8, 8] and at 16 [n, 128, 16, 16] -> [n, 1 + PLACES, WIDTH]: the whole, then each place."""
        places = self.see8(norm(patches(f8, 2))) + self.see16(norm(patches(f16, 4))) + self.place
        return torch.cat([self.mean(norm(f8.mean((2, 3))))[:, None], places], 1)

    def forward(self, x, view, t):
        """Noisy latents [n, FRAMES, COMPONENTS], view [n, 1 + PLACES, WIDTH], t [n] in [0, 1] -> v."""
        frequency = torch.exp(-math.log(1e4) * torch.arange(64, device=x.device) / 64)
        angle = t[:, None].float() * 1000 * frequency
        time = self.time_out(F.silu(self.time_in(torch.cat([angle.sin(), angle.cos()], -1).to(x.dtype))))
        condition = F.silu(time + view[:, 0])
        h = torch.cat([self.enter(x) + self.when(self.waves.to(x)) + self.frame, view[:, 1:]], 1)
        for layer in self.layers:
            h = layer(h, condition)
        return self.leave(norm(h[:, :FRAMES]))


class FirstFrame(nn.Module):
    """The graph motion/first_frame: pictures [n, 4, 256, 256], premultiplied, −1 to 1 -> the denoiser's view of them."""

    def __init__(self, features, denoiser):
        super().__init__()
        self.features, self.denoiser = features, denoiser

    def forward(self, first_frame):
        _, _, f16, f8 = self.features(first_frame * .5 + .5)
        return self.denoiser.view(f8, f16)


class Clip(nn.Module):
    """The graph unet/clip: latents [n, COMPONENTS, FRAMES, 1, 1], timesteps 0 to 999, view -> v."""

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser = denoiser

    def forward(self, sample, timestep, first_frame_features):
        made = self.denoiser(sample.flatten(2).transpose(1, 2), first_frame_features, (timestep + 1) / 1000)
        return made.transpose(1, 2).reshape(-1, COMPONENTS, FRAMES, 1, 1)


class FlowDecoder(nn.Module):
    """The graph motion/decoder: a loop's latents [FRAMES, COMPONENTS, 1, 1] -> its flows [FRAMES, 2, CELLS, CELLS], none in frame 0.
    What is above HIGHEST cycles a loop is removed. gain: factor on all flows."""

    def __init__(self, components=None, gain=1.0):
        super().__init__()
        self.register_buffer('components', torch.zeros(COMPONENTS, 2 * CELLS**2) if components is None else components * gain)
        cycles = torch.arange(FRAMES)[:, None] - torch.arange(FRAMES)
        kept = sum((2 if k else 1) * torch.cos(2 * math.pi * k * cycles / FRAMES) for k in range(HIGHEST + 1)) / FRAMES
        self.smooth = kept - kept[:1]                      # a constant of the graph: [FRAMES, FRAMES]

    def forward(self, latent_sample):
        return (self.smooth.to(latent_sample) @ (latent_sample.flatten(1) @ self.components)).reshape(FRAMES, 2, CELLS, CELLS)


def components(flows, count=COMPONENTS):
    """Flows [n, FRAMES, 2, CELLS, CELLS] without what moves nothing (frame 0) -> directions and scales as rows [count, 2 · CELLS²]:
    latents times these are flows. Latents have a variance of 1 over all; the first ones weigh more, but not as much as they vary."""
    some = torch.from_numpy(flows[:, 1:]).flatten(0, 1).flatten(1).double()
    variances, directions = torch.linalg.eigh(some.t() @ some / len(some))
    variances, directions = variances.flip(0)[:count].clamp(min=1e-12), directions.flip(1)[:, :count]
    deviation = variances.sqrt()
    scale = deviation**.6 * deviation[0]**.4
    scale = scale * (variances / scale**2).mean().sqrt()
    return (directions * scale).t().float(), float(variances.sum() / (some**2).sum(1).mean())


def coded(flows, rows):
    """Flows [n, FRAMES, 2, CELLS, CELLS] -> latents [n, FRAMES, COMPONENTS], for rows of `components`."""
    return flows.flatten(2) @ rows.t() / (rows**2).sum(1)


@torch.no_grad()
def loops(denoiser, view, seed=0, steps=16, kept=None):
    """Views [n, 1 + PLACES, WIDTH] -> latents [n, COMPONENTS, FRAMES, 1, 1], from the noise of seed + i."""
    graph = Clip(denoiser).eval()
    noisy = starting_noise(len(view), (COMPONENTS, FRAMES, 1, 1), seed, noise.CLIP)
    return solve(lambda x, t: graph(x, timestep(t, len(x)), view), noisy, steps, kept)


def frames_of(latents):
    """[n, COMPONENTS, FRAMES, 1, 1] -> [n, FRAMES, COMPONENTS, 1, 1], as the decoder takes one loop's."""
    return latents.transpose(1, 2)


def load_motion(path):
    """-> Features, MotionDenoiser and FlowDecoder of a checkpoint of train.py."""
    state = torch.load(path, map_location='cpu')
    networks = Features(), MotionDenoiser(), FlowDecoder()
    networks[0].load_state_dict({name: value.float() for name, value in state['features'].items()})
    networks[1].load_state_dict({**networks[1].state_dict(), **{name: value.float() for name, value in state['average'].items()}})
    networks[2].load_state_dict({**networks[2].state_dict(), 'components': state['components']})
    return [network.eval().requires_grad_(False) for network in networks]
