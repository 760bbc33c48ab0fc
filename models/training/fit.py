"""One training loop for every network here: bfloat16 copies, float32 master weights, AdamW, averaged weights, checkpoints.

On a CPU several single-threaded workers may share a batch. They are processes with shared memory; each optimises its part of the
parameters. On a machine that other programs use too, this is three times as fast as one process with several threads, which
waits for its slowest thread in every layer."""
import math
import os
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.multiprocessing as multiprocessing


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
        self.names = [name for name, _ in model.named_parameters() if trainable(name)]
        self.step, self.seconds, self.adam_steps, saved = 0, 0.0, 0, None
        if options.resume:
            saved = torch.load(options.path, map_location='cpu')
            self.step, self.seconds, self.adam_steps = saved['step'], saved['seconds'], saved['adam_steps']
        start = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
        self.master = [(saved['master'][name] if saved else start[name]).float() for name in self.names]
        self.average = [(saved['average'][name] if saved else start[name]).clone().float() for name in self.names]
        self.moments = [[(saved['moments'][name][k] if saved else torch.zeros_like(start[name])).float() for name in self.names] for k in (0, 1)]
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name in set(self.names))
        self.model = model.to(options.device, memory_format=torch.channels_last)
        if options.half:
            self.model.bfloat16()
        named = dict(model.named_parameters())
        self.parameters = [named[name] for name in self.names]
        with torch.no_grad():
            for parameter, master in zip(self.parameters, self.master):
                parameter.copy_(master)
        self.rates = [rate_of(name) for name in self.names]
        self.decays = [options.decay if p.dim() > 1 and rate == 1 else 0.0 for p, rate in zip(self.parameters, self.rates)]
        self.gradients = [[torch.zeros_like(p) for p in self.parameters] for _ in range(options.workers)]
        self.clock, self.squares = torch.zeros(1, dtype=torch.float64), torch.zeros(options.workers, dtype=torch.float64)
        self.shares = self.split(options.workers)
        if options.device != 'cpu':
            tensors = self.master, self.average, *self.moments
            for group in tensors:
                group[:] = [tensor.to(options.device) for tensor in group]
        elif options.workers > 1:
            for parameter in self.parameters:
                parameter.data = parameter.data.share_memory_()
            for tensor in [self.clock, self.squares, *self.master, *self.average, *self.moments[0], *self.moments[1], *sum(self.gradients, [])]:
                tensor.share_memory_()

    def split(self, workers):
        """Which parameters each worker optimises; all workers get about the same number of values."""
        shares, loads = [[] for _ in range(workers)], [0] * workers
        for index in sorted(range(len(self.parameters)), key=lambda i: -self.parameters[i].numel()):
            least = loads.index(min(loads))
            shares[least].append(index)
            loads[least] += self.parameters[index].numel()
        return shares

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
        started, saved, reported, seen, losses = time.time(), time.time(), time.time(), self.step, []
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
            for parameter in self.parameters:
                parameter.grad = None
            loss.backward()
            self.update(rank, barrier, rate)
            losses.append(loss.item())
            if rank == 0 and self.step % options.report_every == 0:
                pace = (self.step - seen) * options.batch / (time.time() - reported)
                print(f'{self.step} {seconds:.0f}s loss {np.mean(losses[-200:]):.4f} norm {self.norm:.2f} rate {rate:.1e} {pace:.1f} samples/s', flush=True)
                reported, seen = time.time(), self.step
            if self.step % 20 == 0:           # the others wait while one worker writes
                barrier.wait()
                if rank == 0 and time.time() - saved > options.save_every:
                    self.save(seconds)
                    saved = time.time()
        if rank == 0:
            self.save(seconds)
        return float(np.mean(losses[-200:]))

    @torch.no_grad()
    def update(self, rank, barrier, rate, betas=(0.9, 0.99), clip=1.0):
        for gradient, parameter in zip(self.gradients[rank], self.parameters):
            gradient.zero_() if parameter.grad is None else gradient.copy_(parameter.grad)
        barrier.wait()
        mine = self.shares[rank]
        mean = [sum(gradients[i].float() for gradients in self.gradients) / len(self.gradients) for i in mine]
        self.squares[rank] = sum(float(gradient.pow(2).sum()) for gradient in mean)
        barrier.wait()
        self.norm = float(self.squares.sum()) ** 0.5
        self.step, self.adam_steps = self.step + 1, self.adam_steps + 1
        averaging = min(self.options.average, (1 + self.step) / (10 + self.step))
        corrections = [1 - beta ** self.adam_steps for beta in betas]
        for i, gradient in zip(mine, mean):
            master, first, second, step = self.master[i], self.moments[0][i], self.moments[1][i], rate * self.rates[i]
            gradient *= min(1.0, clip / (self.norm + 1e-6))
            first.mul_(betas[0]).add_(gradient, alpha=1 - betas[0])
            second.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])
            master.mul_(1 - step * self.decays[i])
            master.addcdiv_(first, (second / corrections[1]).sqrt_().add_(1e-8), value=-step / corrections[0])
            self.parameters[i].copy_(master)
            self.average[i].lerp_(master, 1 - averaging)

    def save(self, seconds):
        def named(tensors):
            return {name: tensor.cpu() for name, tensor in zip(self.names, tensors)}
        state = dict(average=named(self.average), master=named(self.master), step=self.step, seconds=seconds, adam_steps=self.adam_steps,
                     moments={name: pair for name, *pair in zip(self.names, *[[m.cpu() for m in moments] for moments in self.moments])}, **self.extra)
        save(state, self.options.path)
