"""Hidden states of every layer and the gradients of chosen logits with respect to them."""

from dataclasses import dataclass

import numpy as np
import torch
from transformers import BertTokenizer, PreTrainedModel


@dataclass(frozen=True)
class Target:
    """A scalar of each row: `logits[row][index]`, where index addresses the logits of one row."""

    name: str
    meaning: str
    index_by_row: tuple[tuple[int, ...], ...]

    def total(self, logits: torch.Tensor) -> torch.Tensor:
        return sum(logits[(row, *index)] for row, index in enumerate(self.index_by_row))


def batch(tokenizer: BertTokenizer, texts: list[tuple[str, str | None]]) -> dict[str, torch.Tensor]:
    """Rows of single texts or pairs, padded on the right to the longest."""
    rows = [tokenizer(first, second) for first, second in texts]
    return dict(tokenizer.pad(rows, return_tensors="pt"))


def run(model: PreTrainedModel, inputs: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """One forward: `embeddings.sum`, `embeddings`, `layer.<i>`, `layer.<i>.key` in the graph, and the head's logits.

    The graph starts at the sum of the three embeddings; question answering stacks its logits as (B,T,2), start first.
    """
    seen: dict[str, torch.Tensor] = {}

    def keep_sum(module, args):
        seen["embeddings.sum"] = args[0].requires_grad_()

    def keeper(name):
        def keep(module, args, output):
            seen[name] = output[0] if isinstance(output, tuple) else output
        return keep

    handles = [
        model.bert.embeddings.LayerNorm.register_forward_pre_hook(keep_sum),
        model.bert.embeddings.register_forward_hook(keeper("embeddings")),
    ]
    for i, layer in enumerate(model.bert.encoder.layer):
        handles.append(layer.register_forward_hook(keeper(f"layer.{i}")))
        handles.append(layer.attention.self.key.register_forward_hook(keeper(f"layer.{i}.key")))
    try:
        output = model(**inputs)
    finally:
        for handle in handles:
            handle.remove()
    if "start_logits" in output:
        return seen, torch.stack([output.start_logits, output.end_logits], dim=-1)
    return seen, output.logits


def goldens(model: PreTrainedModel, inputs: dict[str, torch.Tensor], targets: list[Target]) -> dict[str, np.ndarray]:
    """Activations in float64 and float32, gradients of each target in float64, named `<dtype>.<what>`."""
    arrays = {
        "ids": inputs["input_ids"].numpy(),
        "typeIds": inputs["token_type_ids"].numpy(),
        "attentionMask": inputs["attention_mask"].numpy(),
    }
    for label, dtype in (("f32", torch.float32), ("f64", torch.float64)):
        states, logits = run(model.to(dtype), inputs)
        arrays.update({f"{label}.{name}": state.detach().numpy() for name, state in states.items()})
        arrays[f"{label}.logits"] = logits.detach().numpy()
    differentiable = {name: state for name, state in states.items() if not name.endswith(".key")}
    for target in targets:
        slopes = torch.autograd.grad(target.total(logits), list(differentiable.values()), retain_graph=True)
        for name, slope in zip(differentiable, slopes):
            arrays[f"f64.grad.{target.name}.{name}"] = slope.numpy()
    return arrays
