"""Renames the parameters of early checkpoints, so that their weights can still be loaded."""
import re

DENOISER = [
    ('t1', 'time_in'), ('t2', 'time_out'), ('p1', 'pool_mean'), ('p2', 'pool_out'), ('p3', 'pool_subject'), ('p4', 'pool_ground'),
    ('ci', 'conv_in'), ('a1', 'enter16_1'), ('a2', 'enter16_2'), ('da', 'down8'), ('b1', 'enter8_1'), ('tb1', 'attend8_in'),
    ('b2', 'enter8_2'), ('db', 'down4'), ('c1', 'middle_1'), ('tc', 'attend4'), ('c2', 'middle_2'), ('ub', 'up8'), ('b3', 'leave8_1'),
    ('tb2', 'attend8_out'), ('b4', 'leave8_2'), ('ua', 'up16'), ('a3', 'leave16_1'), ('a4', 'leave16_2'), ('l4', 'layout4'),
    ('l4c', 'layout4_conv'), ('l8', 'layout8'), ('l8c', 'layout8_conv'), ('no', 'norm_out'), ('co', 'conv_out'),
    ('cv', 'condition'), ('vo', 'video_out'), ('vn', 'video_norm'), ('ve', 'video_embedding'), ('sr', 'residual')]
TEMPORAL = [('a0', 'in16'), ('a2', 'enter16'), ('b1', 'enter8'), ('c1', 'middle'), ('b3', 'leave8'), ('a3', 'leave16_1'), ('a4', 'leave16_2')]
RESIDUAL = [('n1', 'norm1'), ('c1', 'conv1'), ('e', 'modulate'), ('n2', 'norm2'), ('c2', 'conv2'), ('sk', 'skip')]
ATTEND = [('pos', 'position'), ('n1', 'norm_self'), ('o', 'out_self'), ('n2', 'norm_cross'), ('q', 'query'), ('kv', 'key_value'),
          ('o2', 'out_cross'), ('n3', 'norm_mlp'), ('f1', 'expand'), ('f2', 'contract')]
MOTION = [('n', 'norm'), ('c', 'conv1'), ('c2', 'conv2'), ('pos', 'position'), ('n2', 'norm_attention'), ('o', 'out')]
TEXT = [('emb', 'embedding'), ('wl', 'importance'), ('pos', 'position'), ('ls', 'layers'), ('n0', 'norm_out'), ('np', 'norm_pool'), ('gate', 'role')]
LAYER = [('n1', 'norm_attention'), ('o', 'out'), ('n2', 'norm_mlp'), ('f1', 'expand'), ('f2', 'contract')]
CERTAIN = 20.0           # a logit
LATER = ('place', 'of_other', 'video_moves', 'motion_in', 'motion8', 'motion16_1', 'motion16_2')     # added later; they start as zero or identity


def renamed(part, table):
    return dict(table).get(part, part)


def denoiser(state):
    made = {}
    for name, value in state.items():
        parts = name.split('.')
        if parts[0] == 'fr':
            continue
        if parts[0] == 'T':
            parts = ['temporal', renamed(parts[1], TEMPORAL), renamed(parts[2], MOTION), *parts[3:]]
        else:
            inner = ATTEND if parts[0] in ('tb1', 'tc', 'tb2') else RESIDUAL
            parts = [renamed(parts[0], DENOISER), *[renamed(part, inner) for part in parts[1:2]], *parts[2:]]
        name = '.'.join(parts)
        if name == 'pool_mean.weight' and value.shape[1] == 384:      # the second half only ever saw zeros
            value = value[:, :192]
        made[name] = value.float()
    return made


def text(state):
    made = {}
    for name, value in state.items():
        parts = name.split('.')
        parts[0] = renamed(parts[0], TEXT)
        if parts[0] == 'layers':
            parts[2] = renamed(parts[2], LAYER)
        made['.'.join(parts)] = value.float()
    return made


def autoencoder(state):
    made = {}
    for name, value in state.items():
        name = re.sub(r'^enc\.', 'encoder.', re.sub(r'^dec\.', 'decoder.', name))
        name = name.replace('.a.', '.conv1.').replace('.b.', '.conv2.').replace('.c.', '.conv.')
        made[{'mu': 'mean', 'sd': 'deviation'}.get(name, name)] = value.float()
    layers = numbered(made)
    return {re.sub(r'^(en|de)coder\.\d+', lambda old: layers[old[0]], name): value for name, value in made.items()}


def numbered(state):
    """Layers used to be numbered: decoder.2 is decoder.blocks16.0. A number without weights is an activation."""
    layers = {}
    for part, side, change, resample in ('encoder', 64, .5, 'down'), ('decoder', 16, 2, 'up'):
        numbers, depth = sorted({int(name.split('.')[1]) for name in state if re.match(part + r'\.\d', name)}), 0
        for number in numbers:
            name = f'{part}.{number}'
            if f'{name}.conv1.weight' in state:
                layers[name], depth = f'{part}.blocks{side}.{depth}', depth + 1
            elif number in (numbers[0], numbers[-1]):
                layers[name] = f'{part}.enter' if number == numbers[0] else f'{part}.leave'
            else:
                side, depth = int(side * change), 0
                layers[name] = f'{part}.{resample}{side}' + ('' if f'{name}.conv.weight' in state else '.conv')
    return layers


def load_autoencoder(network, state):
    """Blocks that are missing in the checkpoint start as the identity."""
    missing, unexpected = network.load_state_dict(autoencoder(state), strict=False)
    refuse([name for name in missing if not re.match(r'(en|de)coder\.blocks', name)] + unexpected)
    for name, parameter in network.named_parameters():
        if name in missing and '.conv2.' in name:
            parameter.data.zero_()


def load(network, state):
    """Parts that are missing in the checkpoint keep their initial values, which have no effect. A missing video_moves gate is set fully open."""
    missing, unexpected = network.load_state_dict(state, strict=False)
    refuse([name for name in missing if name.split('.')[0] not in LATER] + unexpected)
    if 'video_moves.bias' in missing:
        network.video_moves.bias.data.fill_(CERTAIN)


def refuse(unknown):
    if unknown:
        raise ValueError(f'These weights are not of this network: {", ".join(unknown[:5])}.')
