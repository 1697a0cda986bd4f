"""Augmentation of a whole batch at once, in torch: pixels are F32 NCHW in 0..1, before normalising."""

import math

import torch
import torch.nn.functional as F


def plain(pixels, shift=4):
    """Mirrors half of the images and shifts each by up to `shift` pixels; borders are reflected."""
    return _warp(pixels, shift, warped=0.0)


def strong(pixels):
    """As `plain`, and some of the images also change size, aspect ratio and angle, colours, or lose a square.

    The aspect ratio goes up to 3:2 both ways because what users photograph has other proportions.
    """
    return _erase(_colours(_warp(pixels, shift=4, warped=0.4), share=0.3), share=0.1)


def mix(pixels, labels, classes, share=0.25):
    """Mixup or CutMix for a `share` of the batches; gives pixels and label distributions (batch, classes)."""
    targets = F.one_hot(labels, classes).float()
    if torch.rand(()) >= share:
        return pixels, targets
    partner = torch.randperm(len(pixels))
    keep = float(torch.distributions.Beta(0.8, 0.8).sample())
    if torch.rand(()) < 0.5:
        return keep * pixels + (1 - keep) * pixels[partner], keep * targets + (1 - keep) * targets[partner]
    height, width = pixels.shape[2:]
    cut_height, cut_width = (round(size * math.sqrt(1 - keep)) for size in (height, width))
    top = int(torch.randint(0, height - cut_height + 1, ()))
    left = int(torch.randint(0, width - cut_width + 1, ()))
    pixels = pixels.clone()
    window = (slice(None), slice(None), slice(top, top + cut_height), slice(left, left + cut_width))
    pixels[window] = pixels[partner][window]
    keep = 1 - cut_height * cut_width / (height * width)
    return pixels, keep * targets + (1 - keep) * targets[partner]


def _warp(pixels, shift, warped):
    batch, _, height, width = pixels.shape
    bent = (torch.rand(batch) < warped).float()
    zoom = torch.empty(batch).uniform_(-0.25, 0.15) * bent
    aspect = torch.empty(batch).uniform_(-0.2, 0.2) * bent
    angle = torch.empty(batch).uniform_(-0.2, 0.2) * bent
    mirror = torch.where(torch.rand(batch) < 0.5, -1.0, 1.0)
    # Whole pixels, so that an image that is only shifted keeps its values.
    across = torch.randint(-shift, shift + 1, (batch,)) * (2 / width)
    down = torch.randint(-shift, shift + 1, (batch,)) * (2 / height)
    scale_x, scale_y = torch.exp(zoom + aspect), torch.exp(zoom - aspect)
    first = torch.stack([mirror * scale_x * angle.cos(), -scale_y * angle.sin(), across], 1)
    second = torch.stack([mirror * scale_x * angle.sin(), scale_y * angle.cos(), down], 1)
    grid = F.affine_grid(torch.stack([first, second], 1), list(pixels.shape), align_corners=False)
    return F.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)


def _colours(pixels, share):
    batch = len(pixels)
    chosen = (torch.rand(batch, 1, 1, 1) < share).float()
    brightness, contrast, saturation = (
        1 + torch.empty(batch, 1, 1, 1).uniform_(-reach, reach) * chosen for reach in (0.3, 0.3, 0.5)
    )
    grey = pixels.mean(1, keepdim=True)
    pixels = grey + (pixels - grey) * saturation
    middle = pixels.mean((1, 2, 3), keepdim=True)
    return ((pixels - middle) * contrast + middle * brightness).clamp_(0, 1)


def _erase(pixels, share, largest=12):
    batch, _, height, width = pixels.shape
    side = torch.randint(4, largest + 1, (batch, 1))
    side = torch.where(torch.rand(batch, 1) < share, side, torch.zeros_like(side))
    top = torch.randint(0, height, (batch, 1)) - side // 2
    left = torch.randint(0, width, (batch, 1)) - side // 2
    rows, columns = torch.arange(height), torch.arange(width)
    inside_rows = (rows >= top) & (rows < top + side)
    inside_columns = (columns >= left) & (columns < left + side)
    hole = (inside_rows[:, :, None] & inside_columns[:, None, :])[:, None]
    return torch.where(hole, torch.tensor(0.5), pixels)
