"""Words whose meaning is known without a sample: a rare keyword means what the label of the only concept that has it means, and
"cats" what "cat" means (that there are two of them, "two" says)."""
import torch

from captions import plural
from compose import SCENE_WORDS
from text import split


def rare_keywords(concepts):
    """Words that the keywords of one concept alone hold, and no label -> that concept's label."""
    labels = {word for concept in concepts for word in split(concept.label)} | set(SCENE_WORDS)
    owners = {}
    for concept in concepts:
        for word in {word for keyword in concept.keywords for word in split(keyword)} - labels:
            owners.setdefault(word, set()).add(concept.label)
    return {word: next(iter(names)) for word, names in owners.items() if len(names) == 1}


def plurals(concepts):
    """Words that only captions of several things hold -> their singular."""
    own = {word for concept in concepts for text in (concept.label, *concept.keywords) for word in split(text)} | set(SCENE_WORDS)
    last = {split(concept.label)[-1] for concept in concepts if split(concept.label)}
    return {word: singular for singular in sorted(last) for word in split(plural(singular)) if word not in own}


def adopt(encoder, vocabulary, meanings):
    """Gives words (word -> label it stands for) the sum of the embeddings of those labels' words, weighted as the pooled tokens weigh them. Training may go on from there."""
    embedding, importance = encoder.embedding.weight.data, encoder.importance.data
    for word, label in meanings.items():
        rows = [vocabulary.rows[part] for part in split(label) if part in vocabulary.rows]
        if word in vocabulary.rows and rows:
            weights = importance[rows].exp()
            most = weights.max()
            embedding[vocabulary.rows[word]], importance[vocabulary.rows[word]] = (embedding[rows] * weights).sum(0) / most, torch.log(most)
