"""Attributions of an image classifier's logit to its pixels: captum's, transformers-interpret's, and IDGI's formula."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, NoiseTunnel, Occlusion, Saliency
from captum.metrics import infidelity, infidelity_perturb_func_decorator
from PIL import Image
from transformers import PreTrainedModel, ViTImageProcessorPil
from transformers_interpret import ImageClassificationExplainer

NOISE_TYPES = ("smoothgrad", "smoothgrad_sq", "vargrad")
SAMPLES, NODES = 10, 5


@dataclass(frozen=True)
class Subject:
    """One logit of one image: pixels and baseline are (1,channels,height,width) in the model's dtype."""

    model: PreTrainedModel
    pixels: torch.Tensor
    target: int

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.model(pixels).logits

    def logit(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.forward(pixels)[:, self.target]

    def score(self, pixels: torch.Tensor) -> float:
        with torch.no_grad():
            return float(self.logit(pixels))


def integrate(subject: Subject, baseline: torch.Tensor, method: str, steps: int) -> tuple[torch.Tensor, float]:
    """Integrated gradients from a baseline of the image's shape, and captum's convergence delta."""
    values, delta = IntegratedGradients(subject.forward).attribute(
        subject.pixels, baseline, target=subject.target, n_steps=steps, method=method, return_convergence_delta=True)
    return values.detach(), float(delta)


def saliency(subject: Subject, absolute: bool) -> torch.Tensor:
    return Saliency(subject.forward).attribute(_leaf(subject.pixels), target=subject.target, abs=absolute).detach()


def input_x_gradient(subject: Subject) -> torch.Tensor:
    return InputXGradient(subject.forward).attribute(_leaf(subject.pixels), target=subject.target).detach()


def occlude(subject: Subject, baseline: torch.Tensor, patch: tuple[int, int]) -> torch.Tensor:
    """One window a patch over all channels, side by side."""
    window = (subject.pixels.shape[1], *patch)
    return Occlusion(subject.forward).attribute(
        subject.pixels, window, strides=window, baselines=baseline, target=subject.target).detach()


def smooth(subject: Subject, noise: torch.Tensor, kind: str, inner: str) -> torch.Tensor:
    """NoiseTunnel over integrated gradients (baseline 0, five Gauss-Legendre nodes) or saliency, with this noise."""
    method, options = {
        "integrated-gradients": (IntegratedGradients, dict(n_steps=NODES)),
        "saliency": (Saliency, {}),
    }[inner]
    with given_noise(noise):
        return NoiseTunnel(method(subject.forward)).attribute(
            subject.pixels, nt_type=kind, nt_samples=len(noise), stdevs=1.0, target=subject.target, **options).detach()


def idgi(subject: Subject, baseline: torch.Tensor, steps: int) -> torch.Tensor:
    """Each difference of the logit between neighbouring points p_k = x0 + k/n (x - x0), divided among the pixels by
    the squares of the gradient at the first of the two (Yang et al., arXiv 2303.14242)."""
    shares = torch.arange(steps + 1, dtype=subject.pixels.dtype)[:, None, None, None] / steps
    points = _leaf(baseline + shares * (subject.pixels - baseline))
    logits = subject.logit(points)
    slopes, = torch.autograd.grad(logits.sum(), points)
    squares = slopes[:-1] ** 2
    rises = (logits[1:] - logits[:-1]).detach()[:, None, None, None]
    return (rises * squares / squares.sum(dim=(1, 2, 3), keepdim=True)).sum(dim=0, keepdim=True)


def infidelities(subject: Subject, values: torch.Tensor, changes: torch.Tensor, baseline: torch.Tensor) -> list[dict]:
    """captum's infidelity of a map under `x - changes[s]`, as such and divided by `x - baseline`."""
    def both(pixels):
        return changes, pixels - changes

    @infidelity_perturb_func_decorator(multiply_by_inputs=True)
    def divided(pixels, baselines):
        return pixels - changes

    return [
        {
            "perturbation": name, "normalize": normalize,
            "infidelity": float(infidelity(
                subject.forward, function, subject.pixels, values, baselines=given, target=subject.target,
                n_perturb_samples=len(changes), normalize=normalize)),
        }
        for name, function, given in (("plain", both, None), ("divided", divided, baseline))
        for normalize in (False, True)
    ]


def interpret(model: PreTrainedModel, image: Image.Image, noise: torch.Tensor) -> dict:
    """What transformers-interpret's own explainer gives for an image of the model's size, checked against captum."""
    size = dict(zip(("width", "height"), image.size))
    processor = ViTImageProcessorPil(do_resize=False, size=size)
    pixels = processor(image, return_tensors="pt")["pixel_values"]
    plain = ImageClassificationExplainer(model, processor, attribution_type="IG")
    plain_map = plain(image)
    subject = Subject(model, pixels, plain.predicted_index)
    values, delta = integrate(subject, torch.zeros_like(pixels), "gausslegendre", plain.n_steps)
    assert np.array_equal(values.numpy(), plain_map), "the explainer's IG is not captum's"
    assert delta == float(plain.delta[0])
    result = {"pixels": pixels[0], "target": plain.predicted_index, "delta": delta, "maps": {"ig": values[0]}}
    for kind in NOISE_TYPES:
        tunnel = ImageClassificationExplainer(model, processor)
        with given_noise(noise):
            tunnel_map = tunnel(image, noise_tunnel_type=kind)
        values = smooth(subject, noise, kind, "integrated-gradients")
        assert np.array_equal(values.numpy(), tunnel_map), f"the explainer's {kind} is not captum's"
        result["maps"][f"ignt-{kind}"] = values[0]
    return result


@contextmanager
def given_noise(noise: torch.Tensor):
    """While open, `torch.normal(0, stdev)` gives `noise`, sample s of a single image in row s; asked for once."""
    asked = []

    def normal(mean, deviation):
        assert not asked and mean == 0 and bool((deviation == 1).all()) and deviation.shape == noise.shape
        asked.append(deviation.shape)
        return noise.clone()

    with mock.patch("torch.normal", normal):
        yield
    assert asked, "no noise was asked for"


def _leaf(values: torch.Tensor) -> torch.Tensor:
    return values.detach().clone().requires_grad_()
