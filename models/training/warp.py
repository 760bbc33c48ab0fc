"""Warps the first frame of a clip along a dense motion field. The clip network predicts where objects move better than how they look
there, so decoded frames fall apart. A smaller network compares a decoded frame with the first one and predicts for every pixel where
in the first frame it comes from (as in First Order Motion Model, arXiv 2003.00196) and a confidence. What is not visible in the first
frame is taken from the decoded one."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from layers import PixelNorm, conv, silu, zeroed
from sample import cored
from text import sizes

SIDE, WIDTHS = 64, (32, 64, 96)      # side of the network's input; channels at 32, 16 and 8
REACH = .1               # unit of displacements, in parts of the image
TRUST = 2.0              # initial logit of a pixel coming from the first frame
LEAN, STRENGTH = 5.0, 1.85           # after training: added to that logit, since whole runs have more artefacts than the training clips; factor on displacements, which are too small where uncertain


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm1, self.conv1 = PixelNorm(channels), conv(channels, channels)
        self.norm2, self.conv2 = PixelNorm(channels), zeroed(conv(channels, channels))

    def forward(self, x):
        return x + self.conv2(silu(self.norm2(self.conv1(silu(self.norm1(x))))))


class Warp(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c = WIDTHS
        self.enter, self.enter32, self.down16, self.enter16, self.down8 = conv(48, a), Block(a), conv(a, b, 2), Block(b), conv(b, c, 2)
        self.middle1, self.middle2 = Block(c), Block(c)
        self.up16, self.join16, self.leave16 = conv(c, b), nn.Conv2d(2 * b, b, 1), Block(b)
        self.up32, self.join32, self.leave32 = conv(b, a), nn.Conv2d(2 * a, a, 1), Block(a)
        self.norm_out, self.conv_out = PixelNorm(a), zeroed(conv(a, 12))

    def forward(self, frames, first):
        """Both [n, 4, 64, 64] from 0 to 1 -> displacements [n, 2, 64, 64] (right, down, in parts of the image) to the pixel's source in
        the first frame, and the logit [n, 1, 64, 64] of using it."""
        x = F.pixel_unshuffle(torch.cat([frames, first, (frames - first) * 2], 1), 2).to(self.enter.weight.dtype)
        h32 = self.enter32(self.enter(x.contiguous(memory_format=torch.channels_last)))
        h16 = self.enter16(self.down16(h32))
        h = self.middle2(self.middle1(self.down8(h16)))
        h = self.leave16(self.join16(torch.cat([self.up16(doubled(h)), h16], 1)))
        h = self.leave32(self.join32(torch.cat([self.up32(doubled(h)), h32], 1)))
        made = F.pixel_shuffle(self.conv_out(silu(self.norm_out(h))).float(), 2)
        return made[:, :2] * REACH, made[:, 2:] + TRUST


def doubled(x):
    return F.interpolate(x, scale_factor=2.0, mode='nearest')


def enlarged(x, side):
    return F.interpolate(x, size=(side, side), mode='bilinear', align_corners=False)


def moved(first, displacements):
    """Warps the first frame: first [n, 4, s, s], displacements [n, 2, 64, 64] -> [n, 4, s, s]."""
    side = sizes(first)[-1]
    line, displaced = (torch.arange(side, device=first.device) + .5) / side, enlarged(displacements, side)
    places = torch.stack([displaced[:, 0] + line, displaced[:, 1] + line[:, None]], -1)
    return F.grid_sample(first, places * 2 - 1, mode='bilinear', padding_mode='border', align_corners=False)


def warped(network, frames, first, strength=1.0, lean=0.0):
    """frames, first [n, 4, s, s] from 0 to 1, s a multiple of 64 -> blended frames, the warped first frame, its share, the displacements."""
    side = sizes(frames)[-1]
    step = side // SIDE
    displacements, logit = network(F.avg_pool2d(frames, step), F.avg_pool2d(first, step))
    share, picture = enlarged(torch.sigmoid(logit + lean), side), moved(first, displacements * strength)
    return share * picture + (1 - share) * frames, picture, share, displacements


class FrameWarp(nn.Module):
    """The exported graph: frames [n, 4, 256, 256], first_frame [1, 4, 256, 256] from -1 to 1, strength [1] -> frames."""

    def __init__(self, warp):
        super().__init__()
        self.warp = warp

    def forward(self, frames, first_frame, strength):
        frames, first = [(x * .5 + .5).clamp(0, 1) for x in (frames, first_frame)]
        return warped(self.warp, frames, first + torch.zeros_like(frames), strength, LEAN)[0] * 2 - 1


def finished(network, frames, video):
    """Decoded frames of one loop -> the same after the product's post-processing. video: the section of emu.json."""
    return cored(loop_warped(network, frames, video.get('frame_warp', {}).get('strength', 1)), video.get('frame_coring'))


@torch.no_grad()
def loop_warped(network, frames, strength):
    """Decoded frames [frames, 4, s, s] of one loop -> frames warped from the first, which is unchanged. network: None for no warping."""
    if network is None:
        return frames
    made = warped(network, frames[1:], frames[:1].expand_as(frames[1:]), strength, LEAN)[0].clamp(0, 1)
    return torch.cat([frames[:1], made])


def load_warp(path):
    network = Warp()
    network.load_state_dict({name: value.float() for name, value in torch.load(path, map_location='cpu')['average'].items()})
    return network.eval().requires_grad_(False)
