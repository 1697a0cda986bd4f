"""Tiny BERT checkpoints with odd sizes whose every parameter is random.

Hugging Face's own initialisation (biases 0, gamma 1, beta 0) would hide a dropped bias or gamma, so none of it is kept.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertTokenizer,
    PreTrainedModel,
)
from transformers.utils.logging import disable_progress_bar

from . import vocabulary

disable_progress_bar()


@dataclass(frozen=True)
class Recipe:
    """One checkpoint: its architecture, its sizes and the seed of its parameters."""

    name: str
    architecture: type[PreTrainedModel]
    seed: int
    sizes: dict
    labels: tuple[str, ...] = ()
    problem_type: str | None = None
    specials_first: bool = True

    def config(self) -> BertConfig:
        entries = vocabulary.tokens(self.specials_first)
        settings = dict(
            vocab_size=len(entries), type_vocab_size=2, pad_token_id=entries.index("[PAD]"), dtype="float32",
            architectures=[self.architecture.__name__], **self.sizes,
        )
        if self.labels:
            settings["id2label"] = dict(enumerate(self.labels))
            settings["label2id"] = {label: i for i, label in enumerate(self.labels)}
        if self.problem_type:
            settings["problem_type"] = self.problem_type
        return BertConfig(**settings)

    def tokenizer(self) -> BertTokenizer:
        entries = vocabulary.tokens(self.specials_first)
        return BertTokenizer(
            vocab={token: i for i, token in enumerate(entries)}, do_lower_case=True,
            model_max_length=self.sizes["max_position_embeddings"],
        )

    def model(self, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
        """The model with the F32 parameters of the checkpoint, computing in `dtype`, in evaluation mode."""
        model = self.architecture._from_config(self.config(), attn_implementation="eager")
        draw_parameters(model, self.seed)
        return model.to(dtype).eval().requires_grad_(False)

    def save(self, folder: Path) -> None:
        """Writes `config.json`, `model.safetensors`, `vocab.txt`, `tokenizer.json` and `tokenizer_config.json`."""
        self.model().save_pretrained(folder)
        self.tokenizer().save_pretrained(folder)
        text = "\n".join(vocabulary.tokens(self.specials_first)) + "\n"
        (folder / "vocab.txt").write_text(text, encoding="utf-8", newline="\n")
        for file in ("config.json", "tokenizer.json", "tokenizer_config.json"):
            path = folder / file
            path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n", encoding="utf-8", newline="\n")
        (folder / "generation_config.json").unlink(missing_ok=True)


def draw_parameters(model: PreTrainedModel, seed: int) -> None:
    """Draws every parameter in the order of its name: gamma U[0.5,1.5], the others N(0, std²) with std >= 0.2.

    Embeddings have the smallest spread, so that epsilon weighs as much as possible in the LayerNorm that follows them.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if name.endswith("LayerNorm.weight"):
                value = 0.5 + torch.rand(parameter.shape, generator=generator)
            elif name.endswith("bias") or "embeddings" in name:
                value = 0.2 * torch.randn(parameter.shape, generator=generator)
            elif parameter.shape[0] <= 7:
                value = 0.5 * torch.randn(parameter.shape, generator=generator)
            else:
                value = 0.3 * torch.randn(parameter.shape, generator=generator)
            parameter.copy_(value)


def _sizes(layers, hidden, heads, intermediate, act="gelu", eps=1e-12, positions=48) -> dict:
    return dict(
        num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, intermediate_size=intermediate,
        hidden_act=act, layer_norm_eps=eps, max_position_embeddings=positions,
    )


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("qa", BertForQuestionAnswering, 11, _sizes(3, 21, 3, 37, positions=64), specials_first=False),
        Recipe("sequence-1", BertForSequenceClassification, 12, _sizes(2, 20, 4, 33, "relu", 1e-5), ("score",)),
        Recipe("sequence-2", BertForSequenceClassification, 13, _sizes(2, 22, 2, 39, "gelu_new"),
               ("negative", "positive")),
        Recipe("sequence-5", BertForSequenceClassification, 14, _sizes(2, 15, 5, 31, eps=1e-3),
               ("toxic", "obscene", "threat", "insult", "none of these"), "multi_label_classification"),
        Recipe("token", BertForTokenClassification, 15, _sizes(2, 27, 3, 41),
               ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")),
        Recipe("masked-lm", BertForMaskedLM, 16, _sizes(2, 18, 2, 29)),
    )
}

# A cross-encoder of natural language inference, for zero-shot classification.
NLI = Recipe("nli", BertForSequenceClassification, 17, _sizes(2, 18, 3, 27),
             ("contradiction", "entailment", "neutral"))
