"""CIFAR-10 from a folder of JPEGs, decoded once into arrays.

The folder holds `train/LABEL/*.jpg` and `test/LABEL/*.jpg`. Labels are numbered in alphabetical order, which for
CIFAR-10 is the data set's own order (airplane 0 … truck 9).
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

MEAN = (0.5, 0.5, 0.5)
STD = (0.5, 0.5, 0.5)
HELD_OUT_PER_LABEL = 250
HELD_OUT_SEED = 7


def load(images: Path, cache: Path):
    """Arrays `train`, `train_labels`, `test`, `test_labels` (uint8 NHWC and int64) and the list of labels."""
    if not cache.exists():
        _decode(images, cache)
    stored = np.load(cache)
    return {name: stored[name] for name in stored.files if name != "names"}, stored["names"].tolist()


def _decode(images: Path, cache: Path):
    names = sorted(folder.name for folder in (images / "train").iterdir() if folder.is_dir())
    arrays = {"names": np.array(names)}
    for split in ("train", "test"):
        files = [(file, index) for index, name in enumerate(names) for file in sorted((images / split / name).glob("*.jpg"))]
        if not files:
            raise SystemExit(f"{images / split}: expected LABEL/*.jpg below it, found none")
        arrays[split] = np.stack([np.asarray(Image.open(file).convert("RGB")) for file, _ in files])
        arrays[split + "_labels"] = np.array([index for _, index in files], dtype=np.int64)
    cache.parent.mkdir(parents=True, exist_ok=True)
    partial = cache.with_suffix(".partial.npz")
    np.savez(partial, **arrays)
    partial.rename(cache)


def held_out_split(labels):
    """Indices (training, held out): the same number of images of each label is kept for choices, never trained on."""
    random = np.random.default_rng(HELD_OUT_SEED)
    held = np.concatenate(
        [random.permutation(np.flatnonzero(labels == label))[:HELD_OUT_PER_LABEL] for label in np.unique(labels)]
    )
    return np.setdiff1d(np.arange(len(labels)), held), np.sort(held)


def as_floats(pixels):
    """uint8 NHWC to F32 NCHW in 0..1."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div_(255)


def normalise(pixels):
    """0..1 to what the model reads: (pixels - MEAN) / STD per channel."""
    mean = torch.tensor(MEAN).view(1, 3, 1, 1)
    std = torch.tensor(STD).view(1, 3, 1, 1)
    return (pixels - mean) / std


@torch.no_grad()
def accuracy(model, pixels, labels, batch=500, dtype=torch.float32):
    """Share of `pixels` (uint8 NHWC) whose largest logit is at `labels`."""
    right = 0
    for start in range(0, len(pixels), batch):
        inputs = normalise(as_floats(pixels[start : start + batch])).to(dtype)
        predicted = model(inputs).argmax(-1).numpy()
        right += int((predicted == labels[start : start + batch]).sum())
    return right / len(pixels)
