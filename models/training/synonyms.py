"""What a rare keyword means is known without a sample: what the label of the only concept that has it means."""
import torch

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


def adopt(encoder, vocabulary, rare):
    """Gives rare keywords the sum of the embeddings of their labels' words, weighted as the pooled tokens weigh them. Training may go on from there."""
    embedding, importance = encoder.embedding.weight.data, encoder.importance.data
    for word, label in rare.items():
        rows = [vocabulary.rows[part] for part in split(label) if part in vocabulary.rows]
        if word in vocabulary.rows and rows:
            weights = importance[rows].exp()
            most = weights.max()
            embedding[vocabulary.rows[word]], importance[vocabulary.rows[word]] = (embedding[rows] * weights).sum(0) / most, torch.log(most)
