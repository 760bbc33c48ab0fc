"""Where each parameter lies in a flat tensor. Weights, gradients, moments and averages of a model are one such tensor each, so a
step of AdamW takes a few kernels on a GPU instead of a dozen per parameter, and processes share a handful of tensors."""
from dataclasses import dataclass

CACHED = 1 << 17         # values that a CPU updates at once, so that they stay in its cache


@dataclass(frozen=True)
class Piece:
    """Part of a flat tensor whose values have the same learning rate (as a factor) and weight decay."""
    part: slice
    rate: float
    decay: float


class Layout:
    """parameters: name -> tensor. rate_of(name, tensor) -> rate and decay; parameters for which they agree lie side by side."""

    def __init__(self, parameters, rate_of):
        kinds = {name: rate_of(name, tensor) for name, tensor in parameters.items()}
        self.names = sorted(parameters, key=kinds.get)
        self.shapes = [tuple(parameters[name].shape) for name in self.names]
        self.starts, self.runs = [0], []
        for name in self.names:
            self.starts.append(self.starts[-1] + parameters[name].numel())
            first = self.runs.pop()[0] if self.runs and self.runs[-1][2] == kinds[name] else self.starts[-2]
            self.runs.append((first, self.starts[-1], kinds[name]))

    def __len__(self):
        return self.starts[-1]

    def views(self, flat):
        """Name -> its part of the flat tensor in the parameter's shape. Convolutions have their channels last in memory."""
        return {name: view(flat[start:end], shape) for name, shape, start, end in zip(self.names, self.shapes, self.starts, self.starts[1:])}

    def pieces(self, share, shares, most):
        """The pieces, of at most `most` values, of one of several equal shares."""
        first, last = [len(self) * i // shares for i in (share, share + 1)]
        found = []
        for start, end, (rate, decay) in self.runs:
            end = min(end, last)
            for at in range(max(start, first), end, most):
                found.append(Piece(slice(at, min(at + most, end)), rate, decay))
        return found


def view(line, shape):
    if len(shape) != 4:
        return line.view(shape)
    outputs, inputs, height, width = shape
    return line.view(outputs, height, width, inputs).permute(0, 3, 1, 2)
