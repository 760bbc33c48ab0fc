"""Captions of a concept: its label, emojibase tags and emojilib keywords, in several wordings."""


def article(rng, name, bare=0.45, definite=0.07):
    chance = rng.random()
    if chance < bare:
        return name
    if chance < 1 - definite:
        return ('an ' if name[0] in 'aeiou' else 'a ') + name
    return 'the ' + name


def plural(name):
    words = name.split()
    last = words[-1]
    if last.endswith('y') and last[-2:-1] not in tuple('aeiou'):
        words[-1] = last[:-1] + 'ies'
    else:
        words[-1] = last + ('es' if last.endswith(('s', 'x', 'ch', 'sh')) else 's')
    return ' '.join(words)


def caption(concept, common, rng):
    """common: number of concepts per keyword. A keyword stands alone only if at most three concepts have it."""
    keywords = concept.keywords
    rare = [word for word in keywords if common[word] <= 3]
    chance = rng.random()
    if chance < 0.72 or not keywords:
        text = concept.label
    elif chance < 0.78:
        text = concept.label + ' ' + keywords[rng.integers(len(keywords))]
    elif chance < 0.92 and rare:
        text = rare[rng.integers(len(rare))]
    else:
        text = ' '.join(rng.permutation(keywords)[:rng.integers(2, 5)])
    text = article(rng, text, bare=0.55, definite=0.05)
    if rng.random() < 0.08:
        text += ' emoji' if rng.random() < 0.5 else ' sticker'
    return text


def on_ground(rng, name):
    chance = rng.random()
    return ('on a ' if chance < .7 else 'in front of a ' if chance < .85 else '') + name + ' background'


def said_together(rng, name, other, beside):
    """Caption of two objects beside or above one another -> pieces (words, whether they belong to the second object). name, other: with articles."""
    chance = rng.random()
    if not beside:
        return ([(name, False), ('above', False), (other, True)], [(name, False), ('over', False), (other, True)],
                [(other, True), ('below', False), (name, False)], [(name, False), ('on top of', False), (other, True)])[rng.integers(4)]
    if chance < .5:
        return [(name, False), ('and', False), (other, True)]
    if chance < .65:
        return [(name, False), ('next to', False), (other, True)]
    if chance < .85:
        return [(name + ' on the left and', False), (other + ' on the right', True)]
    return [(other + ' to the right of', True), (name, False)]
