"""Trains the small vision transformer that Limpid embeds, on CIFAR-10 and a CPU, in a stated time.

    python train_vit.py --images cifar10-jpeg --work work --minutes 90
    python export_vit.py --images cifar10-jpeg --work work --out vit-cifar10

A residual network is trained first and the transformer then learns from the labels and from that network's answers
to the same augmented images. A run that is stopped goes on from the last checkpoint, at most three minutes old, when
started again with the same folder. See README.md beside this file.
"""

import argparse
import datetime
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import augment
import cifar
import teacher
from courtesy import Threads
from vit import Shape, ViT, initialise

TEMPERATURE = 2.0
TEACHER_SHARE = 0.8
EMA = 0.998
MUON_RATE = 3e-3
ADAM_RATE = 2e-3
WARM_UP = 0.04
SAVE_EVERY = 180.0


class Schedule:
    """How far the run is, 0 to 1, by time: epochs take what they take, and the rate still falls to zero at the end.

    Only active time counts: a gap longer than `PAUSE` between two steps (a stopped process) is skipped. With an end on
    the clock (`finish`) the rest of the schedule then spreads over the time that is left, so a pause makes it steeper
    and never makes it jump.
    """

    PAUSE = 20.0

    def __init__(self, minutes, finish, progress=0.0):
        self.seconds = 60.0 * minutes
        self.finish = finish
        self.progress = progress
        self.last = time.time()

    def tick(self):
        now = time.time()
        passed, self.last = now - self.last, now
        if self.finish is not None and now >= self.finish:
            self.progress = 1.0
        elif passed < self.PAUSE:
            rest = (1 - self.progress) * self.seconds if self.finish is None else self.finish - now + passed
            self.progress += (1 - self.progress) * min(1.0, passed / max(rest, 1e-6))
        return self.progress

    def factor(self):
        """Linear warm-up, then a half cosine to zero."""
        if self.progress < WARM_UP:
            return 0.02 + 0.98 * self.progress / WARM_UP
        return 0.5 * (1 + math.cos(math.pi * (self.progress - WARM_UP) / (1 - WARM_UP)))


class Student:
    """The network in training, its moving average, its optimisers, and what a checkpoint holds."""

    def __init__(self):
        self.model = ViT(Shape())
        self.average = ViT(Shape())
        self.optimisers = _optimisers(self.model)
        self.rates = [[group["lr"] for group in optimiser.param_groups] for optimiser in self.optimisers]
        self.steps = 0
        self.images = 0

    def step(self, inputs, targets, answers, factor):
        """One update towards the label distributions `targets` and the teacher's logits `answers`; gives the loss."""
        logits = self.model(inputs.bfloat16())
        loss = (1 - TEACHER_SHARE) * F.cross_entropy(logits, targets)
        soft = F.kl_div(
            F.log_softmax(logits / TEMPERATURE, -1),
            F.log_softmax(answers / TEMPERATURE, -1),
            reduction="batchmean",
            log_target=True,
        )
        loss = loss + TEACHER_SHARE * TEMPERATURE**2 * soft
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser, rates in zip(self.optimisers, self.rates):
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"] = rate * factor
            optimiser.step()
            optimiser.zero_grad()
        self.steps += 1
        self.images += len(inputs)
        self._average()
        return loss.item()

    @torch.no_grad()
    def _average(self):
        keep = min(EMA, self.steps / (self.steps + 10))
        averages, current = list(self.average.parameters()), list(self.model.parameters())
        torch._foreach_lerp_(averages, current, 1 - keep)

    def save(self, path, progress):
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "steps": self.steps,
            "images": self.images,
            "progress": progress,
            "random": torch.get_rng_state(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.rename(path)

    def restore(self, path):
        """Loads what `save` wrote and gives the progress it was at."""
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimiser, stored in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(stored)
        self.steps, self.images = state["steps"], state["images"]
        torch.set_rng_state(state["random"])
        return state["progress"]


def _optimisers(model):
    """Muon for the matrices inside the blocks, AdamW for everything else (decay on matrices only)."""
    matrices = [p for p in model.blocks.parameters() if p.dim() == 2]
    inside = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if id(p) not in inside]
    edges = [model.projection.weight, model.classifier.weight]
    plain = [p for p in rest if all(p is not edge for edge in edges)]
    return [
        torch.optim.Muon(matrices, lr=MUON_RATE, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(
            [{"params": edges, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}],
            lr=ADAM_RATE,
            betas=(0.9, 0.98),
        ),
    ]


def train(student, guide, data, indices, schedule, batch, path, threads, log):
    """Epochs until the schedule has ended, with the held-out accuracy of the moving average after each.

    A checkpoint is written after each epoch and every `SAVE_EVERY` seconds.
    """
    training, held = indices
    pixels, labels = data["train"], data["train_labels"]
    saved = time.time()
    while schedule.progress < 1:
        start, total, steps = time.time(), 0.0, 0
        order = training[torch.randperm(len(training)).numpy()]
        for first in range(0, len(order) - batch + 1, batch):
            if schedule.tick() >= 1:
                break
            threads.adjust()
            chosen = order[first : first + batch]
            images = augment.strong(cifar.as_floats(pixels[chosen]))
            images, targets = augment.mix(images, torch.from_numpy(labels[chosen]), student.model.shape.num_labels)
            inputs = cifar.normalise(images)
            with torch.no_grad():
                answers = guide(inputs)
            total += student.step(inputs, targets, answers, schedule.factor())
            steps += 1
            if time.time() - saved > SAVE_EVERY:
                student.save(path, schedule.progress)
                saved = time.time()
        accuracy = cifar.accuracy(student.average, pixels[held], labels[held], dtype=torch.bfloat16)
        student.save(path, schedule.progress)
        log(
            f"{student.images / len(training):.2f} epochs: {steps} steps, progress {schedule.progress:.4f}, "
            f"loss {total / max(steps, 1):.4f}, held out {accuracy:.4f}, {time.time() - start:.0f} s"
        )


def _moment(text):
    """The next moment, as seconds, at which the local clock shows HH:MM."""
    clock = datetime.time.fromisoformat(text)
    now = datetime.datetime.now()
    moment = datetime.datetime.combine(now.date(), clock)
    return (moment if moment > now else moment + datetime.timedelta(days=1)).timestamp()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True, help="folder with train/LABEL/*.jpg and test/LABEL/*.jpg")
    parser.add_argument("--work", type=Path, required=True, help="folder for decoded pixels and checkpoints")
    parser.add_argument("--minutes", type=float, default=90, help="active time for the transformer")
    parser.add_argument("--finish-by", type=_moment, help="HH:MM; end by the clock instead of after --minutes")
    parser.add_argument("--teacher-epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    def log(message):
        print(f"{datetime.datetime.now():%H:%M:%S} {message}", flush=True)

    threads = Threads(options.threads)
    torch.manual_seed(options.seed)
    data, _ = cifar.load(options.images, options.work / "pixels.npz")
    pixels, labels = data["train"], data["train_labels"]
    training, held = cifar.held_out_split(labels)
    guide = teacher.train(
        pixels[training],
        labels[training],
        pixels[held],
        labels[held],
        options.teacher_epochs,
        options.work / "teacher.pt",
        threads,
        log,
    )
    student = Student()
    progress = 0.0
    checkpoint = options.work / "student.pt"
    if checkpoint.exists():
        progress = student.restore(checkpoint)
        log(f"going on after {student.images / len(training):.2f} epochs, progress {progress:.4f}")
    else:
        initialise(student.model, cifar.normalise(cifar.as_floats(pixels[training[::10]])))
        student.average.load_state_dict(student.model.state_dict())
    schedule = Schedule(options.minutes, options.finish_by, progress)
    train(student, guide, data, (training, held), schedule, options.batch, checkpoint, threads, log)
    log("finished")


if __name__ == "__main__":
    main()
