"""A small residual network whose answers the transformer learns from.

A convolution knows that near pixels belong together, which a transformer has to find out from far more images than
CIFAR-10 has; learning from a network that knows it already is the cheapest cure (DeiT, arXiv:2012.12877).
"""

import time

import torch
import torch.nn.functional as F
from torch import nn

import augment
import cifar


class Teacher(nn.Module):
    def __init__(self, classes=10, widths=(32, 64, 128, 256)):
        super().__init__()
        stem, first, second, third = widths
        self.stem = _convolution(3, stem)
        self.down = nn.ModuleList(
            [_convolution(stem, first), _convolution(first, second), _convolution(second, third)]
        )
        self.residual = nn.ModuleList(
            nn.Sequential(_convolution(width, width), _convolution(width, width)) for width in (first, second, third)
        )
        self.head = nn.Linear(third, classes)

    def forward(self, pixels):
        x = self.stem(pixels.contiguous(memory_format=torch.channels_last))
        for down, residual in zip(self.down, self.residual):
            x = F.max_pool2d(down(x), 2)
            x = x + residual(x)
        return self.head(x.amax((2, 3)))


class Bfloat16(nn.Module):
    """Runs a network under bf16 autocast; logits come back as F32."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pixels):
        with torch.autocast("cpu", torch.bfloat16):
            return self.network(pixels.float()).float()


def _convolution(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.GELU())


def train(pixels, labels, held_pixels, held_labels, epochs, path, threads, log, batch=256, rate=0.4):
    """Trains for `epochs` (one-cycle SGD), writing `path` after each so that a stopped run goes on; gives the network."""
    network = Teacher(int(labels.max()) + 1).to(memory_format=torch.channels_last)
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True)
    steps = epochs * (len(pixels) // batch)
    done = 0
    if path.exists():
        stored = torch.load(path, weights_only=True)
        network.load_state_dict(stored["network"])
        optimiser.load_state_dict(stored["optimiser"])
        done = stored["epochs"]
    model = Bfloat16(network)
    for epoch in range(done, epochs):
        start, total = time.monotonic(), 0.0
        network.train()
        order = torch.randperm(len(pixels)).split(batch)[: len(pixels) // batch]
        for number, chosen in enumerate(order):
            threads.adjust()
            progress = (epoch * len(order) + number) / steps
            for group in optimiser.param_groups:
                group["lr"] = rate * min(progress / 0.2, (1 - progress) / 0.8)
            inputs = cifar.normalise(augment.plain(cifar.as_floats(pixels[chosen.numpy()])))
            loss = F.cross_entropy(model(inputs), torch.from_numpy(labels[chosen.numpy()]), label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            total += loss.item()
        network.eval()
        held = cifar.accuracy(model, held_pixels, held_labels)
        seconds = time.monotonic() - start
        log(f"teacher epoch {epoch + 1}/{epochs}: loss {total / len(order):.3f}, held out {held:.4f}, {seconds:.0f} s")
        state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "epochs": epoch + 1}
        torch.save(state, path.with_suffix(".partial"))
        path.with_suffix(".partial").rename(path)
    network.eval()
    return model
