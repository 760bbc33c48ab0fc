"""One training loop for every network here: bfloat16 copies, float32 master weights, AdamW, averaged weights, checkpoints.

On a CPU several single-threaded workers may share a batch. They are processes with shared memory; each optimises its part of the
parameters. On a machine that other programs use too, this is three times as fast as one process with several threads, which
waits for its slowest thread in every layer."""
import math
import os
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import torch
import torch.multiprocessing as multiprocessing

from flat import CACHED, Layout


@dataclass(frozen=True)
class Options:
    path: str                    # of the checkpoint
    minutes: float = 0
    steps: int = 0               # instead of minutes
    batch: int = 32
    rate: float = 1e-3
    workers: int = 1
    resume: bool = False
    device: str = 'cpu'
    half: bool = True            # bfloat16 copies of the weights; the autoencoder trains better in float32
    flat: float = 0.45           # part of the time at the full rate, then cosine decay to 2 %
    average: float = 0.998
    decay: float = 1e-2
    warmup: int = 60
    save_every: float = 180      # seconds
    report_every: int = 50
    seed: int = None             # of batches and noise; None: the current time


def save(state, path):
    """Writes to a temporary name, then moves the file: an interrupted run leaves the last complete checkpoint."""
    torch.save(state, path + '.tmp')
    os.replace(path + '.tmp', path)


class Solo:
    """The barrier for a single worker: does not wait."""

    def wait(self):
        pass


class Fit:
    """model: float32. loss_of(model, batch) -> a loss per sample. batch_of(rng, count, progress) -> batch.
    trainable(name): which parameters are trained. rate_of(name): factor on the learning rate. extra is stored in the checkpoint."""

    def __init__(self, model, loss_of, batch_of, options, trainable=lambda name: True, rate_of=lambda name: 1.0, extra=None):
        self.options, self.loss_of, self.batch_of, self.extra = options, loss_of, batch_of, extra or {}
        self.step, self.seconds, self.adam_steps = 0, 0.0, 0
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(trainable(name))
        start = {name: parameter.detach().clone() for name, parameter in model.named_parameters() if parameter.requires_grad}

        def rate_and_decay(name, tensor):
            return rate_of(name), options.decay if tensor.dim() > 1 and rate_of(name) == 1 else 0.0
        self.layout, self.model = Layout(start, rate_and_decay), model.to(options.device, memory_format=torch.channels_last)
        kind = torch.bfloat16 if options.half else torch.float32
        self.master, self.average, *self.moments = [self.flat(torch.float32) for _ in range(4)]
        self.weights, *self.gradients = [self.flat(kind) for _ in range(1 + options.workers)]
        self.clock, self.squares = torch.zeros(1, dtype=torch.float64).share_memory_(), torch.zeros(options.workers, device=options.device).share_memory_()
        self.fill(self.master, start)
        self.fill(self.average, start)
        if options.resume:
            saved = torch.load(options.path, map_location='cpu')
            self.step, self.seconds, self.adam_steps = saved['step'], saved['seconds'], saved['adam_steps']
            for flat, values in ((self.master, saved['master']), (self.average, saved['average']),
                                 *[(self.moments[k], {name: pair[k] for name, pair in saved['moments'].items()}) for k in (0, 1)]):
                self.fill(flat, values)
        self.model.to(kind)
        self.weights.copy_(self.master)
        self.parameters = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
        for name, values in self.layout.views(self.weights).items():
            self.parameters[name].data = values

    def flat(self, kind):
        """A value for every trained parameter; processes share it."""
        made = torch.zeros(len(self.layout), dtype=kind, device=self.options.device)
        return made.share_memory_() if self.options.workers > 1 else made

    def fill(self, flat, values):
        for name, part in self.layout.views(flat).items():
            part.copy_(values[name])

    def run(self):
        """Trains for the given minutes (or steps). With one worker, returns the mean of the last 200 losses."""
        workers = self.options.workers
        if workers == 1:
            return self.work(0, Solo())
        context = multiprocessing.get_context('fork')
        barrier = context.Barrier(workers)
        processes = [context.Process(target=self.work, args=(rank, barrier), daemon=True) for rank in range(workers)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            raise RuntimeError(f'a worker failed: exit codes {[process.exitcode for process in processes]}')

    def work(self, rank, barrier):
        try:
            return self.train(rank, barrier)
        except BaseException:
            if hasattr(barrier, 'abort'):
                barrier.abort()
            raise

    def train(self, rank, barrier):
        options = self.options
        if options.workers > 1:
            torch.set_num_threads(1)
        seed = ((int(time.time()) if options.seed is None else options.seed) * 64 + rank) % 2**32
        rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        self.pieces = self.layout.pieces(rank, options.workers, CACHED if options.device == 'cpu' else len(self.layout))
        for name, values in self.layout.views(self.gradients[rank]).items():
            self.parameters[name].grad = values
        started, saved, reported, seen, losses = time.time(), time.time(), time.time(), self.step, deque(maxlen=200)
        while True:
            if rank == 0:
                self.clock[0] = self.seconds + time.time() - started
            barrier.wait()
            seconds = self.clock.item()
            progress = self.step / options.steps if options.steps else seconds / (options.minutes * 60)
            if progress >= 1:
                break
            fall = max(0.0, (progress - options.flat) / (1 - options.flat))
            rate = options.rate * min(1, (self.adam_steps + 1) / options.warmup) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * fall))
            loss = self.loss_of(self.model, self.batch_of(rng, options.batch // options.workers, progress)).mean()
            loss.backward()
            self.update(rank, barrier, rate)
            losses.append(loss.detach())          # not read yet: that would wait for the device
            if rank == 0 and self.step % options.report_every == 0:
                pace = (self.step - seen) * options.batch / (time.time() - reported)
                print(f'{self.step} {seconds:.0f}s loss {mean(losses):.4f} norm {float(self.norm):.2f} rate {rate:.1e} {pace:.1f} samples/s', flush=True)
                reported, seen = time.time(), self.step
            if self.step % 20 == 0:           # the others wait while one worker writes
                barrier.wait()
                if rank == 0 and time.time() - saved > options.save_every:
                    self.save(seconds)
                    saved = time.time()
        if rank == 0:
            self.save(seconds)
        return mean(losses)

    @torch.no_grad()
    def update(self, rank, barrier, rate, betas=(0.9, 0.99), clip=1.0):
        """A step of AdamW for this worker's share of the parameters."""
        barrier.wait()                            # every worker's gradients are complete
        mean = [sum(gradients[piece.part].float() for gradients in self.gradients) / len(self.gradients) for piece in self.pieces]
        self.squares[rank] = sum(torch.dot(gradient, gradient) for gradient in mean)
        barrier.wait()
        self.norm = self.squares.sum().sqrt()
        self.gradients[rank].zero_()
        self.step, self.adam_steps = self.step + 1, self.adam_steps + 1
        averaging = min(self.options.average, (1 + self.step) / (10 + self.step))
        corrections, clipped = [1 - beta ** self.adam_steps for beta in betas], (clip / (self.norm + 1e-6)).clamp(max=1)
        for piece, gradient in zip(self.pieces, mean):
            master, first, second, step = self.master[piece.part], self.moments[0][piece.part], self.moments[1][piece.part], rate * piece.rate
            gradient.mul_(clipped)
            first.mul_(betas[0]).add_(gradient, alpha=1 - betas[0])
            second.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])
            master.mul_(1 - step * piece.decay)
            master.addcdiv_(first, (second / corrections[1]).sqrt_().add_(1e-8), value=-step / corrections[0])
            self.weights[piece.part].copy_(master)
            self.average[piece.part].lerp_(master, 1 - averaging)

    def save(self, seconds):
        def named(flat):
            return {name: values.cpu().clone(memory_format=torch.contiguous_format) for name, values in self.layout.views(flat).items()}
        first, second = [named(moments) for moments in self.moments]
        state = dict(average=named(self.average), master=named(self.master), step=self.step, seconds=seconds, adam_steps=self.adam_steps,
                     moments={name: [first[name], second[name]] for name in first}, **self.extra)
        save(state, self.options.path)


def mean(losses):
    return float(torch.stack(list(losses)).mean())
