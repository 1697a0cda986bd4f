"""The student: Hugging Face's ViTForImageClassification, written for a fast bf16 step on a CPU.

Same parameters and same arithmetic as the transformers class (pre-norm blocks, GELU by erf, the [CLS] row of the
last layer norm into a linear classifier, no pooler); only the order of work differs: the patch convolution is a
matrix product over unfolded patches and q, k, v come from one product. `hugging_face_state` gives the parameters
under the names that checkpoints on the Hub carry.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; the defaults make 1.26 M parameters."""

    image_size: int = 32
    patch_size: int = 4
    hidden_size: int = 160
    num_hidden_layers: int = 6
    num_attention_heads: int = 5
    intermediate_size: int = 320
    layer_norm_eps: float = 1e-6
    num_labels: int = 10


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        width = shape.hidden_size
        self.heads = shape.num_attention_heads
        self.layernorm_before = nn.LayerNorm(width, eps=shape.layer_norm_eps)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)
        self.layernorm_after = nn.LayerNorm(width, eps=shape.layer_norm_eps)
        self.fc1 = nn.Linear(width, shape.intermediate_size)
        self.fc2 = nn.Linear(shape.intermediate_size, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        normed = _norm(x, self.layernorm_before)
        weight = torch.cat([self.query.weight, self.key.weight, self.value.weight])
        bias = torch.cat([self.query.bias, self.key.bias, self.value.bias])
        qkv = F.linear(normed, weight.to(x.dtype), bias.to(x.dtype))
        q, k, v = qkv.view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * (q.shape[-1] ** -0.5)) @ k.transpose(-1, -2)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + _linear(mixed, self.output)
        hidden = F.gelu(_linear(_norm(x, self.layernorm_after), self.fc1))
        return x + _linear(hidden, self.fc2)


class ViT(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        side = shape.image_size // shape.patch_size
        self.projection = nn.Linear(3 * shape.patch_size**2, shape.hidden_size)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, shape.hidden_size))
        self.position_embeddings = nn.Parameter(torch.zeros(1, side * side + 1, shape.hidden_size))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.num_hidden_layers))
        self.layernorm = nn.LayerNorm(shape.hidden_size, eps=shape.layer_norm_eps)
        self.classifier = nn.Linear(shape.hidden_size, shape.num_labels)

    def forward(self, pixels):
        """Logits (batch, labels) in F32 of normalised pixels (batch, 3, height, width); inner work in pixels' dtype."""
        dtype = pixels.dtype
        rows = _linear(unfold_patches(pixels, self.shape.patch_size), self.projection)
        cls = self.cls_token.to(dtype).expand(len(pixels), -1, -1)
        x = torch.cat([cls, rows], 1) + self.position_embeddings.to(dtype)
        for block in self.blocks:
            x = block(x)
        cls = _norm(x[:, 0], self.layernorm).float()
        return F.linear(cls, self.classifier.weight, self.classifier.bias)


def _linear(x, layer):
    return F.linear(x, layer.weight.to(x.dtype), layer.bias.to(x.dtype))


def _norm(x, layer):
    return F.layer_norm(x, layer.normalized_shape, layer.weight.to(x.dtype), layer.bias.to(x.dtype), layer.eps)


def unfold_patches(pixels, patch):
    """(batch, 3, H, W) to (batch, patches, 3*patch*patch), columns ordered as a convolution's weight is."""
    batch, channels, height, width = pixels.shape
    grid = pixels.reshape(batch, channels, height // patch, patch, width // patch, patch)
    return grid.permute(0, 2, 4, 1, 3, 5).reshape(batch, -1, channels * patch * patch)


@torch.no_grad()
def initialise(model: ViT, pixels):
    """Starts the network where small data helps it most.

    The patch projection whitens patches of `pixels` (normalised images) before a random rotation. Queries times keys
    start near a multiple of the identity and values times outputs near minus one, and positions are sinusoids, as
    attention looks after training ("Mimetic initialization", arXiv:2305.09828).
    """
    _whiten(model.projection, unfold_patches(pixels, model.shape.patch_size).flatten(0, 1))
    side = model.shape.image_size // model.shape.patch_size
    model.position_embeddings[0, 1:] = _sinusoids(side, model.shape.hidden_size)
    nn.init.normal_(model.cls_token, std=0.02)
    width = model.shape.hidden_size
    head_width = width // model.shape.num_attention_heads
    for block in model.blocks:
        for linear in (block.query, block.key, block.value, block.output, block.fc1, block.fc2):
            nn.init.trunc_normal_(linear.weight, std=linear.in_features**-0.5)
            nn.init.zeros_(linear.bias)
        for start in range(0, width, head_width):
            left, values, right = torch.linalg.svd(0.7 * torch.randn(width, width) / width**0.5 + 0.7 * torch.eye(width))
            root = values[:head_width].sqrt()[:, None]
            block.query.weight[start : start + head_width] = left.T[:head_width] * root
            block.key.weight[start : start + head_width] = right[:head_width] * root
        left, values, right = torch.linalg.svd(0.4 * torch.randn(width, width) / width**0.5 - 0.4 * torch.eye(width))
        block.value.weight.copy_(left.T * values.sqrt()[:, None])
        block.output.weight.copy_(right.T * values.sqrt())
    nn.init.normal_(model.classifier.weight, std=0.02)
    nn.init.zeros_(model.classifier.bias)


def _whiten(projection, patches):
    mean = patches.mean(0)
    values, vectors = torch.linalg.eigh(torch.cov((patches - mean).T))
    rotation = torch.linalg.qr(torch.randn(projection.out_features, len(values)))[0]
    weight = rotation @ torch.diag((values + 0.02).rsqrt()) @ vectors.T
    projection.weight.copy_(weight)
    projection.bias.copy_(-weight @ mean)


def _sinusoids(side, width):
    frequencies = 1 / 100 ** (torch.arange(width // 4) / (width // 4))
    angles = torch.arange(side)[:, None] * frequencies
    line = torch.cat([angles.sin(), angles.cos()], 1)
    rows = line[:, None].expand(side, side, -1)
    columns = line[None].expand(side, side, -1)
    return 0.5 * torch.cat([rows, columns], -1).reshape(side * side, width)


def hugging_face_state(model: ViT):
    """The parameters under the names and in the shapes of a ViTForImageClassification checkpoint."""
    patch = model.shape.patch_size
    state = {
        "vit.embeddings.cls_token": model.cls_token,
        "vit.embeddings.position_embeddings": model.position_embeddings,
        "vit.embeddings.patch_embeddings.projection.weight": model.projection.weight.view(-1, 3, patch, patch),
        "vit.embeddings.patch_embeddings.projection.bias": model.projection.bias,
    }
    layers = {
        "query": "attention.attention.query",
        "key": "attention.attention.key",
        "value": "attention.attention.value",
        "output": "attention.output.dense",
        "fc1": "intermediate.dense",
        "fc2": "output.dense",
        "layernorm_before": "layernorm_before",
        "layernorm_after": "layernorm_after",
    }
    modules = {"vit.layernorm": model.layernorm, "classifier": model.classifier}
    for index, block in enumerate(model.blocks):
        for ours, theirs in layers.items():
            modules[f"vit.encoder.layer.{index}.{theirs}"] = getattr(block, ours)
    for name, module in modules.items():
        state[name + ".weight"] = module.weight
        state[name + ".bias"] = module.bias
    return {name: tensor.detach().clone().contiguous() for name, tensor in state.items()}
