"""Writes a network as an ONNX graph with small weights, and reads the weights back.

Weights become int8 with a scale for every output channel (or float16); the graph turns them into float32 again with Cast and
Mul, which a runtime does once, when it loads the graph. Names of parameters stay, so that a package is a checkpoint too."""
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

SMALL = 64               # tensors of so few numbers stay float32
OPSET = 14


def quantise(weight):
    """int8 and the scale of each first axis."""
    scale = np.abs(weight).reshape(len(weight), -1).max(1).clip(1e-12) / 127
    scale = scale.reshape(-1, *[1] * (weight.ndim - 1)).astype(np.float32)
    return np.clip(np.rint(weight / scale), -127, 127).astype(np.int8), scale


def smaller(name, array, int8):
    """-> initializers, nodes that make the float32 tensor `name` of them."""
    if int8 and array.ndim >= 2 and array.size > 4096:
        weight, scale = quantise(array)
        initializers = [numpy_helper.from_array(weight, name + '_q'), numpy_helper.from_array(scale, name + '_s')]
        return initializers, [helper.make_node('Cast', [name + '_q'], [name + '_f'], to=TensorProto.FLOAT),
                              helper.make_node('Mul', [name + '_f', name + '_s'], [name])]
    return ([numpy_helper.from_array(array.astype(np.float16), name + '_h')],
            [helper.make_node('Cast', [name + '_h'], [name], to=TensorProto.FLOAT)])


def write(module, arguments, path, inputs, outputs, int8):
    """Exports with a free batch axis. Written to a temporary name, then moved."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    torch.onnx.export(module.eval(), arguments, path + '.tmp', input_names=inputs, output_names=outputs, opset_version=OPSET,
                      dynamic_axes={name: {0: 'batch'} for name in inputs + outputs}, do_constant_folding=False)
    model = onnx.load(path + '.tmp')
    initializers, nodes = [], []
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.size > SMALL:
            made, casts = smaller(tensor.name, array, int8)
            initializers += made
            nodes += casts
        else:
            initializers.append(tensor)
    nodes += list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(initializers)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path + '.tmp')
    os.replace(path + '.tmp', path)


def read(path, prefix):
    """The graph's parameters whose names begin with `prefix.`, float32 as the graph computes with them, by their names in PyTorch."""
    onnx.checker.check_model(path)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    weights = {}
    for name, array in stored.items():
        if name.endswith('_s'):
            continue
        base = name[:-2] if name[-2:] in ('_q', '_h') else name
        if name.endswith('_q'):
            array = array.astype(np.float32) * stored[base + '_s']
        if base.startswith(prefix + '.'):
            weights[base[len(prefix) + 1:]] = torch.from_numpy(np.array(array))
    return {name: value.float() if value.dtype == torch.float16 else value for name, value in weights.items()}
