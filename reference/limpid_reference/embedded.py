"""The embedded model: all-MiniLM-L6-v2 out of a Maven artifact, rounded to F16, with a LoRA adapter merged in F32."""

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering, TokenizersBackend

from .onnx import named_weights

ONNX = "all-minilm-l6-v2.onnx"
TOKENIZER = "all-minilm-l6-v2-tokenizer.json"
CONFIG = dict(
    vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536,
    hidden_act="gelu", layer_norm_eps=1e-12, max_position_embeddings=512, type_vocab_size=2, pad_token_id=0,
)


def base_weights(jar: Path) -> dict[str, torch.Tensor]:
    """The encoder's 101 tensors as F32 values that F16 can hold, named with the prefix `bert.`."""
    with zipfile.ZipFile(jar) as archive:
        weights = named_weights(archive.read(ONNX))
    weights.pop("embeddings.position_ids")
    return {f"bert.{name}": torch.from_numpy(array.astype(np.float16).astype(np.float32))
            for name, array in weights.items()}


def merge(weights: dict[str, torch.Tensor], adapter: Path) -> dict[str, torch.Tensor]:
    """W + (alpha / r) B A for every adapted matrix, and the heads saved with the adapter."""
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    scale = config["lora_alpha"] / config["r"]
    merged = dict(weights)
    tensors = {name.removeprefix("base_model.model."): tensor.float()
               for name, tensor in load_file(adapter / "adapter_model.safetensors").items()}
    for name, tensor in tensors.items():
        if name.endswith(".lora_A.weight"):
            module = name.removesuffix(".lora_A.weight")
            assert re.fullmatch(config["target_modules"], module), module
            product = tensors[module + ".lora_B.weight"] @ tensor
            merged[module + ".weight"] = weights[module + ".weight"] + scale * product
        elif ".lora_" not in name:
            merged[name] = tensor
    return merged


def load(jar: Path, adapter: Path) -> tuple[BertForQuestionAnswering, TokenizersBackend]:
    """The question-answering model in F32, evaluation mode, and its tokenizer without truncation or padding."""
    model = BertForQuestionAnswering._from_config(BertConfig(**CONFIG), attn_implementation="eager")
    model.load_state_dict(merge(base_weights(jar), adapter), strict=True)
    with zipfile.ZipFile(jar) as archive:
        tokenizer = Tokenizer.from_str(archive.read(TOKENIZER).decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    wrapped = TokenizersBackend(
        tokenizer_object=tokenizer, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]",
        mask_token="[MASK]", model_max_length=512, model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    return model.eval().requires_grad_(False), wrapped
