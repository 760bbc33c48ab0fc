"""Convolutions and linear layers in int8, for processors with int8 dot product instructions (AVX-512 VNNI, Arm's dot product).

Layer inputs and convolution outputs are rounded to 256 steps between bounds observed on real runs; weights are int8 anyway. The
graph has QuantizeLinear and DequantizeLinear nodes around plain layers, which runtimes fuse. Everything else stays float32,
including the first and last layers."""
import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import helper, numpy_helper

LEAST = 32                         # channels; narrower layers gain no speed and are the most sensitive
SHRINK = (1, .9, .8, .7, .6, .5, .4, .3)


class Steps:
    """Quantization to scale · (q - zero), q in 0…255. `between` chooses the bounds with the least squared error."""

    def __init__(self, scale, zero):
        self.scale, self.zero = float(np.float32(scale)), int(zero)

    @classmethod
    def of(cls, values, name):
        return cls(values[name + '_scale'], values[name + '_zero'])

    @classmethod
    def between(cls, low, high, samples):
        def candidate(part):
            scale = max((high - low) * part / 255, 1e-8)
            zero = int(np.clip(round(-low * part / scale), 0, 255))
            rounded = (np.clip(np.rint(samples / scale) + zero, 0, 255) - zero) * scale
            return ((rounded - samples) ** 2).mean(), scale, zero
        return cls(*min((candidate(part) for part in SHRINK), key=lambda found: found[0])[1:])

    def round(self, x):
        return torch.fake_quantize_per_tensor_affine(x.float(), self.scale, self.zero, 0, 255).to(x.dtype)


class Ranges:
    """Records the value ranges of a module's convolutions and linear layers: with Ranges(module) as ranges: …; then ranges.steps(name of the weight, 'in' | 'out' | 'relu')."""

    def __init__(self, module):
        self.layers = {name + '.weight': layer for name, layer in module.named_modules() if isinstance(layer, (nn.Conv2d, nn.Linear))}
        self.low, self.high, self.samples = {}, {}, {}

    def __enter__(self):
        self.hooks = [layer.register_forward_hook(lambda layer, given, made, name=name: self.see(name, given[0], made)) for name, layer in self.layers.items()]
        return self

    def __exit__(self, *error):
        for hook in self.hooks:
            hook.remove()

    def see(self, name, given, made):
        for key, x in ((name, 'in'), given), ((name, 'out'), made):
            x = x.detach().float().flatten()
            self.low[key], self.high[key] = min(self.low.get(key, 0.), float(x.min())), max(self.high.get(key, 0.), float(x.max()))
            self.samples.setdefault(key, []).append(x[torch.randint(len(x), (2048,))].numpy())

    def __contains__(self, name):
        return (name, 'in') in self.low and min(self.layers[name].weight.shape[:2]) >= LEAST

    def steps(self, name, side):
        key = name, 'in' if side == 'in' else 'out'
        samples, low = np.concatenate(self.samples[key]), self.low[key]
        return Steps.between(0., self.high[key], samples.clip(0)) if side == 'relu' else Steps.between(low, self.high[key], samples)


class Layer:
    """A convolution or matrix product to compute in int8. result: the output tensor to round (None for products, whose sums runtimes return as float32)."""

    def __init__(self, node, weight, result=None, relu=False):
        self.node, self.weight, self.result, self.relu = node, weight, result, relu


def readers_of(graph):
    """Tensor name -> the nodes that read it."""
    readers = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    return readers


def choose(graph, readers, wanted, transposes):
    """The layers that `wanted` contains, except the last convolution, which makes the output."""
    produced = {name for node in graph.node for name in node.output}
    matrices, chosen = {node.output[0]: name for name, node in transposes.items()}, []
    for node in [node for node in graph.node if node.op_type == 'Conv'][:-1]:
        if node.input[1] in wanted and node.input[0] in produced:
            after = readers[node.output[0]]
            relu = len(after) == 1 and after[0].op_type == 'Relu'
            chosen.append(Layer(node, node.input[1], after[0].output[0] if relu else node.output[0], relu))
    for node in graph.node:
        if node.op_type == 'MatMul' and matrices.get(node.input[1]) in wanted and node.input[0] in produced:
            chosen.append(Layer(node, matrices[node.input[1]]))
    return chosen


def layers(model, ranges, weight, transposes):
    """weight(name, array) -> the initializers name_q and name_s: its int8 values (of a matrix: transposed) and scales.
    transposes: name of a matrix -> the node that transposes it.
    -> the model with int8 layers, the additional initializers, the names of initializers it no longer needs."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    readers = readers_of(model.graph)
    chosen = choose(model.graph, readers, ranges, transposes)
    steps, of = {}, {layer.node.name: layer for layer in chosen}
    for layer in chosen:
        steps.setdefault(layer.node.input[0], ranges.steps(layer.weight, 'in'))
    for layer in chosen:
        if layer.result:
            steps[layer.result] = ranges.steps(layer.weight, 'relu' if layer.relu else 'out')
    results, needless = {layer.result for layer in chosen if layer.result}, {layer.weight for layer in chosen}
    gone = {transposes[name].name for name in needless if name in transposes}

    def stays_rounded(name):
        """Whether a layer's input is read only by int8 layers and sums of their outputs, as in a decoder; then float32 is not needed."""
        return all(reader.name in of or reader.op_type == 'Add' and set(reader.input) & results for reader in readers[name])

    initializers, nodes = [], []
    for original in model.graph.node:
        if original.name in gone:
            continue
        node = type(original)()
        node.CopyFrom(original)
        if node.name in of:
            name = of[node.name].weight
            initializers += [*weight(name, stored[name]), numpy_helper.from_array(np.zeros(len(stored[name]), np.int8), name + '_z')]
            nodes.append(helper.make_node('DequantizeLinear', [name + '_q', name + '_s', name + '_z'], [name + '_dq'], axis=0 if node.op_type == 'Conv' else 1))
            node.input[1] = name + '_dq'
        for i, name in enumerate(original.input):
            if name in steps and (original.name in of and i == 0 or name in results or stays_rounded(name)):
                node.input[i] = name + '_dq'
        nodes.append(node)
        for name in set(node.output) & set(steps):
            arguments = [name + '_scale', name + '_zero']
            initializers += [numpy_helper.from_array(np.array(value), argument) for value, argument in zip((np.float32(steps[name].scale), np.uint8(steps[name].zero)), arguments)]
            nodes += [helper.make_node('QuantizeLinear', [name, *arguments], [name + '_round']), helper.make_node('DequantizeLinear', [name + '_round', *arguments], [name + '_dq'])]
    made = type(model)()
    made.CopyFrom(model)
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    return made, initializers, needless


def rounded(path, module):
    """Makes a module round like the int8 graph, to measure the cost. Parameter names must be the graph's."""
    graph = onnx.load(path, load_external_data=False).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer if tensor.name.endswith(('_scale', '_zero'))}
    modules, relu_of = dict(module.named_modules()), {node.input[0]: node.output[0] for node in graph.node if node.op_type == 'Relu'}
    for node in graph.node:
        if node.op_type in ('Conv', 'MatMul') and node.input[1].endswith('.weight_dq'):
            layer, result = modules[node.input[1][:-len('.weight_dq')]], node.output[0]
            before = Steps.of(values, node.input[0][:-len('_dq')])
            layer.register_forward_pre_hook(lambda layer, given, before=before: (before.round(given[0]),))
            if node.op_type == 'Conv':
                after = Steps.of(values, result if result + '_scale' in values else relu_of[result])
                layer.register_forward_hook(lambda layer, given, made, after=after: after.round(made))
