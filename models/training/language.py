"""Writes a package's tokenizer/language.json: what the names of emoji are, in words that the package knows, and which language it
is. "a 🦆 on blue" is then read as "a duck on blue", and a prompt in another language is refused instead of drawn as nothing.
Run it whenever tokenizer.json has changed. Nothing else of the package changes but this file's line in emu.json.

    python3 language.py ../sticker ~/.cache/emu-training/npm/node_modules/emojibase-data     # from data.py fetch, or npm install

It needs Python's own library only."""
import argparse
import hashlib
import json
import os
import re

EXAMPLES = 'duck', 'rocket', 'pizza', 'heart', 'purple', 'dancing'
SELECTORS, TONES, JOINER = '\ufe0e\ufe0f', [chr(tone) for tone in range(0x1f3fb, 0x1f400)], '\u200d'
TEXT_MARKS = '©®™'       # emoji by the standard, but part of ordinary text
COMPONENTS = 2           # group of emojibase: skin tones and hair
# Words that say nothing on their own. A prompt of them alone is as good as empty, also where the model has an embedding for one.
FUNCTION_WORDS = ('a an the of and or with in on to for from by at as is are be it its this that these those some any no not over next '
                  'my your his her our their me you him them we they i he she '
                  'un une des du le la les de et en sur dans avec el los las una y con por il lo di der ein eine und mit auf im um uma os com').split()


def write_json(path, value):
    """Writes to a temporary name, then moves the file."""
    with open(path + '.tmp', 'w', encoding='utf-8') as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
    os.replace(path + '.tmp', path)


def bare(emoji):
    """Without variation selectors and skin tones, as the tokenizer looks it up."""
    return ''.join(c for c in emoji if c not in SELECTORS and c not in TONES) or emoji


def names(items, split, known):
    """Emoji -> its name in known words. One whose name has none goes by its tags; one that has none of these either is left out."""
    table = {}
    for item in items:
        if item.get('group') in (None, COMPONENTS) or item['emoji'] in TEXT_MARKS or bare(item['emoji']) in TEXT_MARKS:
            continue
        label = [word for word in split(item['label']) if word in known]
        if not set(label) - set(FUNCTION_WORDS):
            label = [word for tag in item.get('tags', []) for word in split(tag) if word in known and word not in FUNCTION_WORDS][:2]
        for emoji in (item['emoji'], *(skin['emoji'] for skin in item.get('skins', []))):
            if label:
                table.setdefault(bare(emoji), ' '.join(label))
    return table


def write(folder, items, version):
    with open(os.path.join(folder, 'tokenizer', 'tokenizer.json'), encoding='utf-8') as file:
        tokens = json.load(file)
    known = set(tokens['words'])

    def split(text):
        return re.findall(tokens['pattern'], ''.join(c for c in text.lower() if c not in tokens['drop']))

    table, path = names(items, split, known), os.path.join(folder, 'tokenizer', 'language.json')
    content = dict(language='English', source=f'emojibase-data {version} (MIT)', examples=[word for word in EXAMPLES if word in known],
                   function_words=[word for word in FUNCTION_WORDS if word in known], emoji=dict(sorted(table.items())))
    write_json(path, content)
    description = os.path.join(folder, 'emu.json')
    with open(description, encoding='utf-8') as file:
        package = json.load(file)
    with open(path, 'rb') as file:
        package['files']['tokenizer/language.json'] = dict(size=os.path.getsize(path), sha256=hashlib.sha256(file.read()).hexdigest())
    package['files'] = dict(sorted(package['files'].items()))
    write_json(description, package)
    return table


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help='of the package')
    parser.add_argument('names', help='the folder of the npm package emojibase-data')
    options = parser.parse_args()
    with open(os.path.join(options.names, 'en', 'data.json'), encoding='utf-8') as data, open(os.path.join(options.names, 'package.json'), encoding='utf-8') as about:
        written = write(options.folder, json.load(data), json.load(about)['version'])
    print(f'{options.folder}: names of {len(written)} emoji')
