"""Tiny ViT and DeiT checkpoints whose every parameter is random, and what they compute."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from transformers import (
    DeiTConfig,
    DeiTForImageClassification,
    DeiTForImageClassificationWithTeacher,
    PreTrainedModel,
    ViTConfig,
    ViTForImageClassification,
)
from transformers.utils.logging import disable_progress_bar

from .layers import Target
from .writing import write_tensors

disable_progress_bar()

# One thread for all the image fixtures: their arrays are too small for two.
torch.set_num_threads(1)

HEADS = ("logits", "cls_logits", "distillation_logits")


@dataclass(frozen=True)
class VisionRecipe:
    """One checkpoint: its architecture, its sizes and the seed of its parameters and of its pixels."""

    name: str
    architecture: type[PreTrainedModel]
    seed: int
    sizes: dict
    labels: tuple[str, ...]
    pooler: bool = False
    settings: dict = field(default_factory=dict)

    def config(self) -> ViTConfig | DeiTConfig:
        return self.architecture.config_class(
            **self.sizes, **self.settings, dtype="float32", architectures=[self.architecture.__name__],
            id2label=dict(enumerate(self.labels)), label2id={label: i for i, label in enumerate(self.labels)},
        )

    def model(self, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
        """The model with the F32 parameters of the checkpoint, computing in `dtype`, in evaluation mode.

        Attention is PyTorch's own (sdpa): the eager one takes its softmax in float32 whatever the model's dtype.
        """
        model = self.architecture._from_config(self.config(), attn_implementation="sdpa")
        draw_parameters(model, self.seed)
        return model.to(dtype).eval().requires_grad_(False)

    def pixels(self, rows: int) -> torch.Tensor:
        """Normalised pixels (rows,C,H,W), float32, N(0, 1); the first rows are the same for any number of them."""
        config = self.config()
        size = config.image_size
        height, width = size if isinstance(size, (list, tuple)) else (size, size)
        generator = torch.Generator().manual_seed(1000 + self.seed)
        shape = (config.num_channels, height, width)
        return torch.stack([torch.randn(shape, generator=generator) for _ in range(rows)])

    def save(self, folder: Path) -> None:
        """Writes `config.json` and `model.safetensors`, with a pooler no classifier has where the recipe says so."""
        self.model().save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        config = folder / "config.json"
        config.write_text(config.read_text(encoding="utf-8").rstrip() + "\n", encoding="utf-8", newline="\n")
        if self.pooler:
            generator = np.random.default_rng(self.seed)
            width = self.config().hidden_size
            tensors = load_file(folder / "model.safetensors")
            tensors["vit.pooler.dense.weight"] = generator.standard_normal((width, width), dtype=np.float32)
            tensors["vit.pooler.dense.bias"] = generator.standard_normal(width, dtype=np.float32)
            write_tensors(folder / "model.safetensors", tensors, {"format": "pt"})


def draw_parameters(model: PreTrainedModel, seed: int) -> None:
    """Draws every parameter in the order of its name: gamma U[0.5,1.5], the others N(0, std²) with std >= 0.1.

    The patch projection has the smallest spread, so that patches, positions and the two tokens weigh about the same.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "layernorm" in name and name.endswith("weight"):
                value = 0.5 + torch.rand(parameter.shape, generator=generator)
            elif name.endswith("projection.weight"):
                value = 0.1 * torch.randn(parameter.shape, generator=generator)
            elif name.endswith("bias") or "embeddings" in name:
                value = 0.2 * torch.randn(parameter.shape, generator=generator)
            elif parameter.shape[0] <= 7:
                value = 0.5 * torch.randn(parameter.shape, generator=generator)
            else:
                value = 0.3 * torch.randn(parameter.shape, generator=generator)
            parameter.copy_(value)


def run(model: PreTrainedModel, pixels: torch.Tensor) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """One forward: `pixels`, `patches`, `embeddings`, `layer.<i>`, `layer.<i>.key`, `normalised` in the graph, and
    the logits by head."""
    pixels = pixels.to(model.dtype).detach().requires_grad_()
    seen: dict[str, torch.Tensor] = {"pixels": pixels}

    def keeper(name):
        def keep(module, args, output):
            seen[name] = output
        return keep

    base = model.base_model
    handles = [
        base.embeddings.patch_embeddings.register_forward_hook(keeper("patches")),
        base.embeddings.register_forward_hook(keeper("embeddings")),
        base.layernorm.register_forward_hook(keeper("normalised")),
    ]
    for i, layer in enumerate(base.layers):
        handles.append(layer.attention.k_proj.register_forward_hook(keeper(f"layer.{i}.key")))
        handles.append(layer.register_forward_hook(keeper(f"layer.{i}")))
    try:
        output = model(pixels)
    finally:
        for handle in handles:
            handle.remove()
    return seen, {name: output[name] for name in HEADS if name in output}


def goldens(model: PreTrainedModel, pixels: torch.Tensor, targets: list[Target]) -> dict[str, np.ndarray]:
    """Activations in float64, logits in float64 and float32, gradients of each target in float64."""
    arrays = {"pixels": pixels.numpy()}
    _, logits = run(model.to(torch.float32), pixels)
    arrays.update({f"f32.{name}": values.detach().numpy() for name, values in logits.items()})
    states, logits = run(model.to(torch.float64), pixels)
    arrays.update({f"f64.{name}": state.detach().numpy() for name, state in states.items() if name != "pixels"})
    arrays.update({f"f64.{name}": values.detach().numpy() for name, values in logits.items()})
    differentiable = [name for name in states if not name.endswith(".key") and name != "normalised"]
    for target in targets:
        slopes = torch.autograd.grad(
            target.total(logits["logits"]), [states[name] for name in differentiable], retain_graph=True)
        for name, slope in zip(differentiable, slopes):
            arrays[f"f64.grad.{target.name}.{name}"] = slope.numpy()
    return arrays


def _sizes(image, patch, layers, hidden, heads, intermediate, act="gelu", eps=1e-12) -> dict:
    return dict(
        image_size=image, patch_size=patch, num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads,
        intermediate_size=intermediate, hidden_act=act, layer_norm_eps=eps,
    )


VISION_RECIPES = {
    recipe.name: recipe
    for recipe in (
        VisionRecipe("vit-plain", ViTForImageClassification, 21, _sizes(12, 4, 3, 24, 4, 29),
                     ("cat", "dog", "bird", "ship", "frog")),
        VisionRecipe("vit-pooler", ViTForImageClassification, 22, _sizes(8, 4, 1, 26, 2, 31, eps=1e-5),
                     ("cat", "dog", "bird"), pooler=True),
        VisionRecipe("vit-oblong", ViTForImageClassification, 23, _sizes([8, 12], 4, 2, 24, 3, 26, "gelu_new", 1e-5),
                     ("left", "right", "up", "down"), settings=dict(qkv_bias=False)),
        VisionRecipe("vit-grey", ViTForImageClassification, 24, _sizes([8, 12], [4, 3], 2, 24, 2, 23, "relu"),
                     ("score", "noise"), settings=dict(num_channels=1)),
        VisionRecipe("vit-remainder", ViTForImageClassification, 25, _sizes([9, 14], 4, 1, 24, 4, 17, eps=1e-3),
                     ("day", "night")),
        VisionRecipe("deit", DeiTForImageClassification, 26, _sizes(12, 4, 2, 24, 3, 27),
                     ("cat", "dog", "bird", "ship")),
        VisionRecipe("deit-distilled", DeiTForImageClassificationWithTeacher, 27, _sizes(8, 4, 2, 28, 4, 25, eps=1e-5),
                     ("cat", "dog", "bird", "ship", "frog", "lorry")),
    )
}
