"""The text encoder and its vocabulary.

Every caption word has an embedding. Any other common word uses the embedding of its nearest caption word in GloVe (public word
vectors), so "stallion" draws a horse although no caption contains it. The pooled tokens are weighted sums of the raw embeddings with
gates that depend on the whole sentence. They represent the subject, the background and, if two objects are named, the second one."""
import re

import torch
import torch.nn as nn
import torch.nn.functional as F

SPECIAL = 6              # tokens before the words: subject, background, second object, mean of the subject's words, of the second object's, sentence
POOLED = 2               # the denoiser attends to the first two of these
TOKENS = 28
PAD, START, UNKNOWN, FIRST_WORD = 0, 1, 2, 3
PATTERN, DROP = '[a-z0-9&ñãéåçíô]+', '’\'“”'


def split(text):
    text = text.lower()
    for mark in DROP:
        text = text.replace(mark, '')
    return re.findall(PATTERN, text)


class Vocabulary:
    """words: caption words in the order of their embeddings. borrowed: other word -> the caption word whose embedding it uses."""

    def __init__(self, words, borrowed=None, length=TOKENS, starts=SPECIAL):
        self.words, self.borrowed, self.length, self.starts = list(words), dict(borrowed or {}), length, starts
        self.rows = {word: row + FIRST_WORD for row, word in enumerate(self.words)}
        self.lookup = {**{word: self.rows[lender] for word, lender in self.borrowed.items()}, **self.rows}

    def __len__(self):
        return len(self.words) + FIRST_WORD

    def state(self):
        """What a checkpoint stores of it."""
        return dict(words=self.words, borrowed=self.borrowed)

    def ids(self, text):
        """Token ids: a start id per special token, then the words, then padding."""
        ids = [START] * self.starts + [self.lookup.get(word, UNKNOWN) for word in split(text)][:self.length - self.starts]
        return ids + [PAD] * (self.length - len(ids))

    def batch(self, texts):
        return torch.tensor([self.ids(text) for text in texts])


def sizes(x):
    """All sizes but the first as plain numbers, so that an exported graph has only the batch dynamic and computes no shapes."""
    return [int(size) for size in x.shape[1:]]


def attention(query, key, value, heads, mask=None):
    """[batch, tokens, width]; mask is added to the scores."""
    (count, width), (others, _) = sizes(query), sizes(key)
    if query.is_cuda and hasattr(F, 'scaled_dot_product_attention'):         # PyTorch 2: one kernel, which keeps no scores
        query, key, value = [x.reshape(-1, sizes(x)[0], heads, width // heads).transpose(1, 2) for x in (query, key, value)]
        made = F.scaled_dot_product_attention(query, key, value, None if mask is None else mask.to(query.dtype))
        return made.transpose(1, 2).reshape(-1, count, width)
    query = query.reshape(-1, count, heads, width // heads).transpose(1, 2)
    key = key.reshape(-1, others, heads, width // heads).permute(0, 2, 3, 1)
    value = value.reshape(-1, others, heads, width // heads).transpose(1, 2)
    scores = (query * (width // heads) ** -0.5) @ key
    if mask is not None:
        scores = scores + mask
    return (scores.softmax(-1).to(value.dtype) @ value).transpose(1, 2).reshape(-1, count, width)


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm_attention, self.qkv, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm_mlp, self.expand, self.contract = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        x = x + self.out(attention(*self.qkv(self.norm_attention(x)).chunk(3, -1), self.heads, mask))
        return x + self.contract(F.gelu(self.expand(self.norm_mlp(x))))


class TextEncoder(nn.Module):
    def __init__(self, words, width=192, layers=2, heads=4):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.importance = nn.Parameter(torch.zeros(words, 1))      # log weight in pooling; starts at log(1/√count)
        self.position = nn.Parameter(torch.randn(TOKENS - SPECIAL + POOLED, width) * 0.02)
        self.layers = nn.ModuleList([Layer(width, heads) for _ in range(layers)])
        self.norm_out, self.norm_pool, self.role, self.of_other = nn.LayerNorm(width), nn.LayerNorm(width), nn.Linear(width, 2), nn.Linear(width, 1)
        for layer in (self.role, self.of_other):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.of_other.bias, -5)

    def forward(self, ids):
        """ids [batch, TOKENS] -> tokens [batch, TOKENS, width]: the special ones, then the words (zeros for padding)."""
        return self.read(ids)[0]

    def read(self, ids):
        """-> tokens, and for every word the logit [batch, TOKENS - SPECIAL] of belonging to the second object."""
        ids = torch.cat([ids[:, :POOLED], ids[:, SPECIAL:]], 1)
        words = self.embedding(ids)
        x = words + self.position
        mask = (ids == PAD).to(x.dtype)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        x = self.norm_out(x)
        is_word = (ids > START).to(x.dtype)[..., None]
        weighted = words * self.importance[ids].exp() * is_word
        constant = self.embedding.weight[START] * self.importance[START].exp()
        gates = 2 * torch.sigmoid(self.role(x))
        logit = self.of_other(x)
        other = torch.sigmoid(logit)
        belongs = torch.stack([(1 - other) * gates[..., :1], gates[..., 1:], other * gates[..., :1]], 1)       # [batch, 3, words, 1]
        pooled = self.norm_pool((weighted[:, None] * belongs).sum(2) + constant)
        whose = torch.stack([1 - other, other], 1) * is_word[:, None]
        means = (x[:, None] * whose).sum(2) / (POOLED + whose.sum(2))
        return torch.cat([pooled, means, x[:, :1], x[:, POOLED:] * is_word[:, POOLED:]], 1), logit[:, POOLED:, 0]

    @staticmethod
    def keep(ids):
        """[batch, TOKENS]: 1 for a token to attend to, 0 for padding; the graphs' `encoder_attention_mask`."""
        return (ids != PAD).float()
