"""Frames of a clip out of its first one. A small clip network knows better where things go than how they look when they are there:
what it decodes to comes apart. So another, smaller network sees how a decoded frame differs from the first and says from where in
the first every pixel comes (a dense field, as in First Order Motion Model, arXiv 2003.00196), and how far to trust that: what
was not to be seen in the first frame is still taken from the decoded one."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from layers import PixelNorm, conv, silu, zeroed
from sample import cored
from text import sizes

SIDE, WIDTHS = 64, (32, 64, 96)      # what the network sees; at 32, 16 and 8
REACH = .1               # of the picture: the unit of displacements
TRUST = 2.0              # the logit, at first, of a pixel coming from the first frame
LEAN, STRENGTH = 5.0, 1.85           # once learned: added to that logit, as whole runs come apart more than what was learned from; displacements multiplied, which are too small where unsure


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
        """Both [n, 4, 64, 64] from 0 to 1 -> displacements [n, 2, 64, 64] to the right and down, in parts of the picture, to where in the
        first frame a pixel comes from; the logit [n, 1, 64, 64] of that being so."""
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
    """first [n, 4, s, s], displacements [n, 2, 64, 64] -> what each pixel finds there."""
    side = sizes(first)[-1]
    line, displaced = (torch.arange(side, device=first.device) + .5) / side, enlarged(displacements, side)
    places = torch.stack([displaced[:, 0] + line, displaced[:, 1] + line[:, None]], -1)
    return F.grid_sample(first, places * 2 - 1, mode='bilinear', padding_mode='border', align_corners=False)


def warped(network, frames, first, strength=1.0, lean=0.0):
    """frames, first [n, 4, s, s] from 0 to 1, s a multiple of 64 -> frames made of the first, and of what they are made: the first one moved, the share of it, the displacements."""
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
    """Decoded frames of one loop -> as the product shows them. video: what the package says of it."""
    return cored(loop_warped(network, frames, video.get('frame_warp', {}).get('strength', 1)), video.get('frame_coring'))


@torch.no_grad()
def loop_warped(network, frames, strength):
    """Decoded frames [frames, 4, s, s] of one loop -> the same, made of the first, which stays as it is; network: None for none."""
    if network is None:
        return frames
    made = warped(network, frames[1:], frames[:1].expand_as(frames[1:]), strength, LEAN)[0].clamp(0, 1)
    return torch.cat([frames[:1], made])


def load_warp(path):
    network = Warp()
    network.load_state_dict({name: value.float() for name, value in torch.load(path, map_location='cpu')['average'].items()})
    return network.eval().requires_grad_(False)
