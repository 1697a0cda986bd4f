"""Integrated gradients of BERT and ViT in PyTorch, as fast as we know how to write them.

One product for query, key and value, scaled_dot_product_attention, all nodes in one batch, one forward pass for all targets, gradients of inputs only.
The points, the scores, the gradients and their sum over the path are one function of nothing, so that a CUDA graph can hold it whole.
Unlike Limpid it computes no score at the two ends of the path, and so no delta.
"""

from dataclasses import dataclass

import numpy
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Block(nn.Module):
    """An encoder layer with the norm behind each half (BERT) or before it (ViT)."""

    def __init__(self, tensors: dict[str, Tensor], heads: int, epsilon: float, norm_first: bool):
        super().__init__()
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor)
        self.heads, self.epsilon, self.norm_first = heads, epsilon, norm_first

    def _norm(self, x: Tensor, which: str) -> Tensor:
        gamma, beta = getattr(self, f"{which}_gamma"), getattr(self, f"{which}_beta")
        return F.layer_norm(x, x.shape[-1:], gamma, beta, self.epsilon)

    def _attention(self, x: Tensor) -> Tensor:
        rows, tokens, hidden = x.shape
        qkv = F.linear(x, self.qkv_weight, self.qkv_bias).view(rows, tokens, 3, self.heads, hidden // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        context = F.scaled_dot_product_attention(query, key, value)
        return F.linear(context.transpose(1, 2).reshape(rows, tokens, hidden), self.out_weight, self.out_bias)

    def _dense(self, x: Tensor) -> Tensor:
        return F.linear(F.gelu(F.linear(x, self.up_weight, self.up_bias)), self.down_weight, self.down_bias)

    def forward(self, x: Tensor) -> Tensor:
        if self.norm_first:
            x = x + self._attention(self._norm(x, "first"))
            return x + self._dense(self._norm(x, "second"))
        x = self._norm(x + self._attention(x), "first")
        return self._norm(x + self._dense(x), "second")


BERT_NAMES = {
    "attention.self.": ("query", "key", "value"), "out": "attention.output.dense", "up": "intermediate.dense",
    "down": "output.dense", "first": "attention.output.LayerNorm", "second": "output.LayerNorm",
}
VIT_NAMES = {
    "attention.attention.": ("query", "key", "value"), "out": "attention.output.dense", "up": "intermediate.dense",
    "down": "output.dense", "first": "layernorm_before", "second": "layernorm_after",
}


def blocks(weights: dict[str, Tensor], config: dict, prefix: str, names: dict, norm_first: bool) -> nn.ModuleList:
    layers = []
    for index in range(config["num_hidden_layers"]):
        at = f"{prefix}.encoder.layer.{index}."
        tensors = {}
        for ours, theirs in names.items():
            if isinstance(theirs, tuple):
                for kind in ("weight", "bias"):
                    tensors[f"qkv_{kind}"] = torch.cat([weights[f"{at}{ours}{part}.{kind}"] for part in theirs])
            elif ours in ("first", "second"):
                tensors[f"{ours}_gamma"] = weights[f"{at}{theirs}.weight"]
                tensors[f"{ours}_beta"] = weights[f"{at}{theirs}.bias"]
            else:
                for kind in ("weight", "bias"):
                    tensors[f"{ours}_{kind}"] = weights[f"{at}{theirs}.{kind}"]
        layers.append(Block(tensors, config["num_attention_heads"], config["layer_norm_eps"], norm_first))
    return nn.ModuleList(layers)


@dataclass(frozen=True)
class Rule:
    """Gauss-Legendre on [0, 1]."""

    alphas: Tensor
    weights: Tensor

    @staticmethod
    def of(nodes: int, device: torch.device) -> "Rule":
        points, weights = numpy.polynomial.legendre.leggauss(nodes)
        return Rule(*(torch.tensor(v, dtype=torch.float32, device=device) for v in ((points + 1) / 2, weights / 2)))


class Explanation:
    """A path from `baseline` to `x`, both (T,C) in float32, through `layers`, and the rows of a head that score it."""

    def __init__(self, layers: nn.ModuleList, baseline: Tensor, x: Tensor, rule: Rule, dtype: torch.dtype):
        self.layers, self.baseline, self.difference, self.rule, self.dtype = layers, baseline, x - baseline, rule, dtype

    def points(self) -> Tensor:
        return torch.addcmul(self.baseline, self.rule.alphas[:, None, None], self.difference).to(self.dtype)

    def gradients(self) -> list[Tensor]:
        points = self.points().requires_grad_()
        x = points
        for layer in self.layers:
            x = layer(x)
        scores = self.scores(x)
        return [torch.autograd.grad(score, points, retain_graph=i + 1 < len(scores))[0]
                for i, score in enumerate(scores)]


class BertExplanation(Explanation):
    """Start and end of an answer; gives (2,T)."""

    targets = ("start", "end")

    def __init__(self, weights, config, inputs, rule: Rule, dtype: torch.dtype):
        embedded = [self._embed(weights, config, inputs[key], inputs["token_type_ids"])
                    for key in ("baseline_ids", "input_ids")]
        cast = {name: tensor.to(dtype) for name, tensor in weights.items()}
        super().__init__(blocks(cast, config, "bert", BERT_NAMES, norm_first=False), *embedded, rule, dtype)
        self.head = cast["qa_outputs.weight"], cast["qa_outputs.bias"]
        self.positions = inputs["start"], inputs["end"]

    @staticmethod
    def _embed(weights, config, ids: list[int], type_ids: list[int]) -> Tensor:
        at = "bert.embeddings."
        rows = (weights[f"{at}word_embeddings.weight"][ids] + weights[f"{at}token_type_embeddings.weight"][type_ids]
                + weights[f"{at}position_embeddings.weight"][: len(ids)])
        return F.layer_norm(rows, rows.shape[-1:], weights[f"{at}LayerNorm.weight"], weights[f"{at}LayerNorm.bias"],
                            config["layer_norm_eps"])

    def scores(self, x: Tensor) -> list[Tensor]:
        weight, bias = self.head
        return [F.linear(x[:, position], weight[i:i + 1], bias[i:i + 1]).float().sum()
                for i, position in enumerate(self.positions)]

    def totals(self, gradient: Tensor) -> Tensor:
        return self.rule.weights @ (gradient.float() * self.difference).sum(-1)

    def explain(self) -> Tensor:
        return torch.stack([self.totals(gradient) for gradient in self.gradients()])


class ViTExplanation(Explanation):
    """One class, an image of zeros as the baseline; gives (1,K,H,W). The projection of patches is affine, so it is gone back through once."""

    targets = ("class",)

    def __init__(self, weights, config, inputs, rule: Rule, dtype: torch.dtype):
        at = "vit.embeddings."
        self.projection = weights[f"{at}patch_embeddings.projection.weight"]
        self.patch, self.pixels, self.index = config["patch_size"], inputs["pixels"], inputs["class"]
        bias = weights[f"{at}patch_embeddings.projection.bias"]
        ends = []
        for pixels in (torch.zeros_like(self.pixels), self.pixels):
            patches = F.conv2d(pixels[None], self.projection, bias, stride=self.patch)[0].flatten(1).T
            ends.append(torch.cat([weights[f"{at}cls_token"][0], patches]) + weights[f"{at}position_embeddings"][0])
        cast = {name: tensor.to(dtype) for name, tensor in weights.items()}
        super().__init__(blocks(cast, config, "vit", VIT_NAMES, norm_first=True), *ends, rule, dtype)
        self.norm = cast["vit.layernorm.weight"], cast["vit.layernorm.bias"], config["layer_norm_eps"]
        self.head = cast["classifier.weight"], cast["classifier.bias"]

    def scores(self, x: Tensor) -> list[Tensor]:
        gamma, beta, epsilon = self.norm
        first = F.layer_norm(x[:, 0], x.shape[-1:], gamma, beta, epsilon)
        return [F.linear(first, self.head[0], self.head[1])[:, self.index].float().sum()]

    def totals(self, gradient: Tensor) -> Tensor:
        """Σ weights·gradient, (T,C)."""
        return (self.rule.weights @ gradient.float().flatten(1)).view_as(self.difference)

    def explain(self) -> Tensor:
        patches = self.totals(self.gradients()[0])[1:]
        side = self.pixels.shape[-1] // self.patch
        pixels = F.conv_transpose2d(patches.T.reshape(1, -1, side, side), self.projection, stride=self.patch)
        return pixels * self.pixels
