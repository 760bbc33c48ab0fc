"""The product's noise: Philox4x32-10 (Salmon et al. 2011, Random123) and the Box-Muller transform.

Key = seed (low word, high word). Counter = (block, draw, stage << 16 | sample, 0): draw 0 is the starting noise, draw i + 1 the
noise of step i. The C# engine generates the same numbers, so a seed gives the same image in both."""
import numpy as np

KEYFRAME, CLIP, INTERPOLATION, EDIT, AUGMENTATION = 1, 2, 3, 4, 5


def philox(counters, key_low, key_high):
    """counters [n, 4] uint32 -> [n, 4] uint32 after ten rounds."""
    c = [counters[:, i].astype(np.uint64) for i in range(4)]
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> shift) ^ c[1] ^ np.uint64(key_low), b & low, (a >> shift) ^ c[3] ^ np.uint64(key_high), a & low]
        key_low, key_high = (key_low + 0x9E3779B9) & 0xFFFFFFFF, (key_high + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, 1)


def normal(shape, seed, stage, sample=0, draw=0):
    """Standard normal values of one sample's tensor, in row-major order, float32."""
    count = int(np.prod(shape))
    blocks = (count + 3) // 4
    counters = np.zeros((blocks, 4), np.uint32)
    counters[:, 0], counters[:, 1], counters[:, 2] = np.arange(blocks), draw, stage << 16 | sample
    uniform = (philox(counters, seed & 0xFFFFFFFF, seed >> 32).astype(np.float64) + 0.5) * 2.0**-32
    pairs = []
    for i in (0, 2):
        radius, angle = np.sqrt(-2 * np.log(uniform[:, i])), 2 * np.pi * uniform[:, i + 1]
        pairs += [radius * np.cos(angle), radius * np.sin(angle)]
    return np.stack(pairs, 1).reshape(-1)[:count].astype(np.float32).reshape(shape)
