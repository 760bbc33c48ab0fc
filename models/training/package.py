"""Writes a network as ONNX graphs with small weights, and reads the weights back.

Weights are stored as int8 with a scale per output channel (or as float16) in one file per folder, which its graphs share. A graph
converts them to float32 with Cast and Mul, which a runtime does once at load. A second graph "…_int8.onnx", where there is one,
computes convolutions and linear layers on the same int8 weights (integer.py). Parameter names are kept, so a package can be read
back as a checkpoint."""
import hashlib
import os
import warnings
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import integer

SMALL = 64               # tensors with at most this many values stay float32
OPSET = 17
ALIGNMENT = 64


def quantise(weight):
    """-> int8 values and a scale per index of the first axis."""
    scale = np.abs(weight).reshape(len(weight), -1).max(1).clip(1e-12) / 127
    scale = scale.reshape(-1, *[1] * (weight.ndim - 1)).astype(np.float32)
    return np.clip(np.rint(weight / scale), -127, 127).astype(np.int8), scale


class Beside:
    """Tensors in an external file beside the graphs. Equal contents are stored once, whatever their names and shapes."""
    name = 'weights.bin'

    def __init__(self):
        self.content, self.places = bytearray(), {}

    def add(self, name, array, shape=None):
        content = np.ascontiguousarray(array).tobytes()
        key = hashlib.sha256(content).digest()
        if key not in self.places:
            self.content += bytes(-len(self.content) % ALIGNMENT)
            self.places[key] = len(self.content), len(content)
            self.content += content
        tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype) if hasattr(helper, 'np_dtype_to_tensor_dtype')
                             else onnx.mapping.NP_TYPE_TO_TENSOR_TYPE[array.dtype], dims=shape or array.shape, data_location=TensorProto.EXTERNAL)
        for key, value in zip(('location', 'offset', 'length'), (self.name, *self.places[key])):
            tensor.external_data.add(key=key, value=str(value))
        return tensor


def float_weight(name, array, int8, beside, transpose=None):
    """-> initializers, and nodes that compute the float32 tensor `name` from them, or its transpose."""
    if int8(name) and array.ndim >= 2 and array.size > 4096:
        weight, scale = quantise(array)
        if transpose:
            weight, scale = weight.T, scale.T
        made = transpose.output[0] if transpose else name
        return ([beside.add(name + '_q', weight), beside.add(name + '_s', scale)],
                [helper.make_node('Cast', [name + '_q'], [name + '_f'], to=TensorProto.FLOAT), helper.make_node('Mul', [name + '_f', name + '_s'], [made])])
    return [beside.add(name + '_h', array.astype(np.float16))], [helper.make_node('Cast', [name + '_h'], [name], to=TensorProto.FLOAT)]


def transposed(model):
    """Matrices that are only read by a Transpose node, as in PyTorch's linear layers: name -> that node."""
    readers = integer.readers_of(model.graph)
    return {tensor.name: readers[tensor.name][0] for tensor in model.graph.initializer
            if len(tensor.dims) == 2 and [node.op_type for node in readers.get(tensor.name, ())] == ['Transpose']}


def with_small_weights(model, int8, beside, initializers=(), needless=()):
    """The same graph with compressed weights. initializers: additional ones; needless: names of those to drop."""
    initializers, nodes, done, transposes = list(initializers), [], set(), transposed(model)
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if tensor.name in needless:
            continue
        if array.dtype == np.float32 and array.size > SMALL:
            transpose = transposes.get(tensor.name) if int8(tensor.name) and array.size > 4096 else None
            made, casts = float_weight(tensor.name, array, int8, beside, transpose)
            initializers += made
            nodes += casts
            done |= {transpose.name} if transpose else set()
        else:
            initializers.append(tensor)
    made = onnx.ModelProto()
    made.CopyFrom(model)
    nodes += [node for node in model.graph.node if node.name not in done]
    del made.graph.initializer[:], made.graph.node[:]
    made.graph.initializer.extend(initializers)
    made.graph.node.extend(nodes)
    return made


def replace(path, content):
    """Writes to a temporary name, then moves the file."""
    with open(path + '.tmp', 'wb') as file:
        file.write(content)
    os.replace(path + '.tmp', path)


@dataclass(frozen=True)
class Graph:
    """What to export: a module, example arguments, names of inputs and outputs. ranges: integer.Ranges, if an int8 graph is wanted too."""
    module: object
    arguments: tuple
    inputs: list
    outputs: list
    ranges: object = None


def export(graph, path):
    """-> the module as an ONNX model with a dynamic batch axis. The file at `path` is temporary."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')                 # warnings that sizes become constants; they are constant
        torch.onnx.export(graph.module.eval(), graph.arguments, path, input_names=graph.inputs, output_names=graph.outputs, opset_version=OPSET,
                          dynamic_axes={name: {0: 'batch'} for name in graph.inputs + graph.outputs}, do_constant_folding=False)
    model = onnx.load(path)
    os.remove(path)
    return model


def write(graphs, folder, int8):
    """graphs: file name without extension -> Graph; they share one weight file. int8(name): whether a weight is stored as int8, otherwise float16."""
    os.makedirs(folder, exist_ok=True)
    beside, files = Beside(), {}

    def weight(name, array):
        values, scale = quantise(array)
        return beside.add(name + '_q', values.T if array.ndim == 2 else values), beside.add(name + '_s', scale, [len(array)])

    for name, graph in graphs.items():
        model = export(graph, os.path.join(folder, name + '.tmp'))
        files[name + '.onnx'] = with_small_weights(model, int8, beside)
        if graph.ranges:
            made, initializers, needless = integer.layers(model, graph.ranges, weight, transposed(model))
            files[name + '_int8.onnx'] = with_small_weights(made, int8, beside, initializers, needless)
    replace(os.path.join(folder, Beside.name), bytes(beside.content))
    for name, model in files.items():
        replace(os.path.join(folder, name), model.SerializeToString())
        onnx.checker.check_model(os.path.join(folder, name))
    for name in os.listdir(folder):
        if name.endswith('.onnx') and name not in files:            # left by an earlier export; its weights no longer exist
            os.remove(os.path.join(folder, name))


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
            scale = stored[base + '_s']
            array = array.astype(np.float32) * scale
            array = array.T if array.ndim == 2 and scale.shape[0] == 1 < scale.shape[1] else array
        if base.startswith(prefix + '.'):
            weights[base[len(prefix) + 1:]] = torch.from_numpy(np.array(array))
    return {name: value.float() if value.dtype == torch.float16 else value for name, value in weights.items()}
