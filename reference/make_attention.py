"""Writes attention probabilities, their gradients, rollout and gradient-weighted attention of tiny checkpoints to attribution/src/test/resources/golden/attention.*."""

import numpy as np
import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.checkpoints import RECIPES
from limpid_reference.layers import batch
from limpid_reference.vision import VISION_RECIPES
from limpid_reference.writing import versions, write_json, write_tensors

BERT = {"sequence-2": (("The film was great!", None), 1), "sequence-5": (("One, two, three...", "and 4 more"), 3)}
VIT = {"vit-plain": 2, "deit-distilled": 1}
seen: list[torch.Tensor] = []


def attention(module, query, key, value, attention_mask, scaling, dropout=0.0, **ignored):
    """Eager attention in the dtype of its input: transformers' own takes ViT's softmax in float32."""
    scores = query @ key.transpose(2, 3) * scaling
    if attention_mask is not None:
        scores = scores + attention_mask
    probabilities = torch.softmax(scores, dim=-1)
    if not probabilities.requires_grad:
        probabilities.requires_grad_()
    seen.append(probabilities)
    return (probabilities @ value).transpose(1, 2).contiguous(), probabilities


AttentionInterface.register("kept", attention)
AttentionMaskInterface.register("kept", eager_mask)


def rollout(layers: list[np.ndarray], fuse) -> np.ndarray:
    """Abnar & Zuidema 2020: the product of the layers' fused heads, each with the identity added and rows made to sum to 1."""
    total = np.eye(layers[0].shape[-1])
    for layer in layers:
        hat = fuse(layer, axis=0) + np.eye(len(total))
        total = hat / hat.sum(axis=-1, keepdims=True) @ total
    return total


def gradient_weighted(layers: list[np.ndarray], slopes: list[np.ndarray]) -> np.ndarray:
    """Chefer et al. 2021, equations 5 and 6."""
    total = np.eye(layers[0].shape[-1])
    for layer, slope in zip(layers, slopes):
        total = total + (layer * slope).clip(min=0).mean(axis=0) @ total
    return total


def arrays(name: str, model, inputs: dict, label: int) -> dict[str, np.ndarray]:
    model = model.to(torch.float64)
    model.set_attn_implementation("kept")
    seen.clear()
    logits = model(**inputs).logits
    slopes = torch.autograd.grad(logits[0, label], seen)
    layers = [p[0].detach().numpy() for p in seen]
    slopes = [s[0].numpy() for s in slopes]
    out = {f"{name}.{key}": value[:1].numpy() for key, value in inputs.items()}
    for i, (layer, slope) in enumerate(zip(layers, slopes)):
        out[f"{name}.attention.{i}"] = layer
        out[f"{name}.gradient.{i}"] = slope
    for fusion, fuse in (("mean", np.mean), ("max", np.max), ("min", np.min)):
        out[f"{name}.rollout.{fusion}"] = rollout(layers, fuse)
    out[f"{name}.relevance"] = gradient_weighted(layers, slopes)
    return out


def main() -> None:
    tensors, targets = {}, {}
    for name, (text, label) in BERT.items():
        recipe = RECIPES[name]
        tensors.update(arrays(name, recipe.model(), batch(recipe.tokenizer(), [text]), label))
        targets[name] = label
    for name, label in VIT.items():
        recipe = VISION_RECIPES[name]
        pixels = torch.as_tensor(recipe.pixels(1)).to(torch.float64)
        tensors.update(arrays(name, recipe.model(), {"pixel_values": pixels}, label))
        targets[name] = label
    about = {
        "versions": versions("torch", "transformers", "safetensors"),
        "tensors": {
            "<name>.<input_ids|token_type_ids|attention_mask|pixel_values>": "the input, one row",
            "<name>.attention.<i>": "(H,T,T) probabilities of layer i, counted from 0",
            "<name>.gradient.<i>": "(H,T,T) gradient of the target with respect to them, by autograd",
            "<name>.rollout.<mean|max|min>": "(T,T) attention rollout, heads fused so",
            "<name>.relevance": "(T,T) gradient-weighted attention",
        },
        "targets": {name: f"logit {label}" for name, label in targets.items()},
        "labels": targets,
    }
    write_tensors(ATTRIBUTION_GOLDEN / "attention.safetensors", tensors)
    write_json(ATTRIBUTION_GOLDEN / "attention.json", about)


if __name__ == "__main__":
    main()
