"""Adds words that no caption contains to a package: each of the 40,000 most frequent ones uses the embedding of its nearest
caption word in GloVe. "Stallion" then draws a horse. Nothing is trained: the graph gets one lookup table.

    python3 lend.py ../sticker"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from data import Data, word_vectors, write_json
from synonyms import rare_keywords
from text import split

COMMON_WORDS = 40000
FUNCTION_WORDS = 1000    # the most frequent words mean too little to be mapped
NEAR = 0.5               # smallest cosine similarity at which a word is mapped
NO_LENDERS = ('the a an of and with in on to for from by not no without over behind up done but back me you your one way now out next down '
              'big small large little two three left right top bottom above below at open high low').split()


def borrow(words, concepts, count=COMMON_WORDS):
    """Word outside all captions -> the caption word whose embedding it uses, from a label or a rare keyword. words: those with embeddings."""
    names, vectors = word_vectors()
    rows = {name: row for row, name in enumerate(names)}
    labels = {word for concept in concepts for word in split(concept.label)} | set(rare_keywords(concepts))
    labels -= set(NO_LENDERS)
    lenders = [word for word in words if word in rows and word in labels]
    table, known = vectors[[rows[word] for word in lenders]], set(words)
    others = [name for name in names[FUNCTION_WORDS:] if name not in known and name.isalpha() and split(name) == [name]][:count]
    borrowed = {}
    for start in range(0, len(others), 2000):
        some = others[start:start + 2000]
        likeness = vectors[[rows[word] for word in some]] @ table.T
        borrowed.update({word: lenders[row.argmax()] for word, row in zip(some, likeness) if row.max() >= NEAR})
    return borrowed


def add_table(path, lenders):
    """Inserts the lookup `lenders` (token id -> embedding id, int32) before every node that reads input_ids."""
    model = onnx.load(path, load_external_data=False)
    for node in model.graph.node:
        for i, name in enumerate(node.input):
            if name == 'input_ids':
                node.input[i] = 'lent_ids'
    model.graph.initializer.append(numpy_helper.from_array(lenders, 'lenders'))
    nodes = [helper.make_node('Gather', ['lenders', 'input_ids'], ['lent_ids_32']), helper.make_node('Cast', ['lent_ids_32'], ['lent_ids'], to=TensorProto.INT64)]
    nodes += list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path + '.tmp')
    os.replace(path + '.tmp', path)
    onnx.checker.check_model(path)


def list_files(folder):
    """Size and SHA-256 of every file of the package except emu.json, evaluation.json, images and Markdown."""
    files = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            relative = os.path.relpath(path, folder).replace(os.sep, '/')
            if relative in ('emu.json', 'evaluation.json') or name.endswith(('.png', '.md')):
                continue
            with open(path, 'rb') as file:
                files[relative] = dict(size=os.path.getsize(path), sha256=hashlib.sha256(file.read()).hexdigest())
    return dict(sorted(files.items()))


def lend(folder, borrowed):
    """Extends tokenizer and text encoder in place and updates the hashes in emu.json."""
    tokenizer, encoder = os.path.join(folder, 'tokenizer', 'tokenizer.json'), os.path.join(folder, 'text_encoder', 'model.onnx')
    with open(tokenizer, encoding='utf-8') as file:
        tokens = json.load(file)
    if any(tensor.name == 'lenders' for tensor in onnx.load(encoder, load_external_data=False).graph.initializer):
        raise SystemExit(f'{folder}: its words already use borrowed embeddings.')
    first, words = tokens['first_word_id'], tokens['words']
    row = {word: first + i for i, word in enumerate(words)}
    add_table(encoder, np.array([*range(first + len(words)), *[row[lender] for lender in borrowed.values()]], np.int32))
    tokens['words'] = [*words, *borrowed]
    write_json(tokenizer, tokens)
    description = os.path.join(folder, 'emu.json')
    with open(description, encoding='utf-8') as file:
        content = json.load(file)
    content['files'] = list_files(folder)
    write_json(description, content, indent=1)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', help='of the package')
    options = parser.parse_args()
    with open(os.path.join(options.folder, 'tokenizer', 'tokenizer.json'), encoding='utf-8') as words_file:
        known_words = json.load(words_file)['words']
    table = borrow(known_words, Data().concepts)
    lend(options.folder, table)
    print(f'{options.folder}: {len(known_words)} words with embeddings of their own, {len(table)} that borrow')
