"""Initial embeddings of words with known meaning: a rare keyword means the same as the label of the only concept that has it, and
"cats" the same as "cat" (the number is in the word "two")."""
import torch

from captions import plural
from compose import SCENE_WORDS
from text import split


def rare_keywords(concepts):
    """Words in the keywords of exactly one concept, and in no label -> that concept's label."""
    labels = {word for concept in concepts for word in split(concept.label)} | set(SCENE_WORDS)
    owners = {}
    for concept in concepts:
        for word in {word for keyword in concept.keywords for word in split(keyword)} - labels:
            owners.setdefault(word, set()).add(concept.label)
    return {word: next(iter(names)) for word, names in owners.items() if len(names) == 1}


def plurals(concepts):
    """Plurals that only captions of several objects contain -> their singular."""
    own = {word for concept in concepts for text in (concept.label, *concept.keywords) for word in split(text)} | set(SCENE_WORDS)
    last = {split(concept.label)[-1] for concept in concepts if split(concept.label)}
    return {word: singular for singular in sorted(last) for word in split(plural(singular)) if word not in own}


def adopt(encoder, vocabulary, meanings):
    """meanings: word -> label. Sets each word's embedding to the sum of its label's word embeddings, weighted as in the pooled tokens. Training may continue from there."""
    embedding, importance = encoder.embedding.weight.data, encoder.importance.data
    for word, label in meanings.items():
        rows = [vocabulary.rows[part] for part in split(label) if part in vocabulary.rows]
        if word in vocabulary.rows and rows:
            weights = importance[rows].exp()
            most = weights.max()
            embedding[vocabulary.rows[word]], importance[vocabulary.rows[word]] = (embedding[rows] * weights).sum(0) / most, torch.log(most)
