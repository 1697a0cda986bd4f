"""Writes small PEFT LoRA adapters, and what PEFT itself merges them to, for the tests of dev.limpid.safetensors.

    python reference/lora/make_lora_fixtures.py tensor/src/test/resources/safetensors/lora

Every case is saved, loaded again and merged by PEFT (`merge_and_unload`). `merged.safetensors` holds the tensors that
differ from the base or are new; all others must come out as they are in the base. All parameters are random: PEFT's
own initialisation sets B to zero, which would hide every mistake.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForQuestionAnswering, BertForSequenceClassification, BertModel
from transformers.pytorch_utils import Conv1D
from transformers.utils import logging

BERT = BertConfig(
    vocab_size=30, hidden_size=12, num_hidden_layers=2, num_attention_heads=2, intermediate_size=20,
    max_position_embeddings=10, type_vocab_size=2, num_labels=2)
DENSE = ["query", "key", "value", "dense"]
BODY = r"bert\.encoder\.layer\.(?P<index>\d+)\.(attention\.self\.(query|value)|output\.dense)"


class ConvolutionalNames(torch.nn.Module):
    """Two blocks of GPT-2's transposed layers, one square and one not."""

    def __init__(self):
        super().__init__()
        self.config = {"model_type": "custom"}
        self.h = torch.nn.ModuleList(
            torch.nn.ModuleDict({"c_proj": Conv1D(8, 8), "c_fc": Conv1D(14, 8)}) for _ in range(2))

    def forward(self, x):
        for block in self.h:
            x = x + block["c_proj"](x)
        return x


def randomise(parameters, generator, std=0.3):
    with torch.no_grad():
        for parameter in parameters:
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)


def cases():
    qa, sequence = BertForQuestionAnswering, BertForSequenceClassification
    yield "plain-f16", qa, dict(task_type="QUESTION_ANS", r=4, lora_alpha=8, target_modules=["query", "value"])
    yield "rslora", qa, dict(r=3, lora_alpha=7, use_rslora=True, target_modules=DENSE)
    yield "patterns", qa, dict(
        r=2, lora_alpha=5, target_modules=DENSE, use_rslora=True,
        # The first that matches counts, in the order of the file, which PEFT sorts.
        rank_pattern={r"(bert|x)\.encoder\.layer\.1\..*\.dense": 5, "attention.self.query": 1, "dense": 3},
        alpha_pattern={"^bert.encoder.layer.0.attention.self.key": 11, "value": 2.5})
    yield "bias-lora-only", qa, dict(r=2, lora_alpha=4, bias="lora_only", target_modules=["query", "dense"])
    yield "bias-all", qa, dict(r=2, lora_alpha=4, bias="all", target_modules=["value"])
    yield "regex", qa, dict(
        r=2, lora_alpha=3, target_modules=BODY, exclude_modules=r".*layer\.0\.attention\.self\.value")
    yield "excluded-list", qa, dict(
        r=2, lora_alpha=3, target_modules=["dense"], exclude_modules=["attention.output.dense"])
    yield "modules-to-save", sequence, dict(
        task_type="SEQ_CLS", r=2, lora_alpha=4, target_modules=DENSE, modules_to_save=["pooler"])
    yield "one-layer", qa, dict(
        r=2, lora_alpha=4, target_modules=["key"], layers_to_transform=[1], layers_pattern="layer")
    yield "embeddings", qa, dict(r=2, lora_alpha=6, target_modules=["word_embeddings", "query"])
    yield "wrong-fan-flag", qa, dict(r=2, lora_alpha=4, fan_in_fan_out=True, target_modules=["query"])
    yield "conv1d", ConvolutionalNames, dict(r=2, lora_alpha=4, fan_in_fan_out=True, target_modules=["c_proj", "c_fc"])


def base_model(kind, out):
    if kind is ConvolutionalNames:
        model = ConvolutionalNames()
        model.load_state_dict(load_file(out / "base-conv1d" / "model.safetensors"))
        return model
    return kind.from_pretrained(out / "base-bert", attn_implementation="eager")


def write_case(name, kind, options, out, generator):
    directory = out / name
    model = get_peft_model(base_model(kind, out), LoraConfig(**options))
    randomise([p for p in model.parameters() if p.requires_grad], generator)
    model.save_pretrained(directory)
    (directory / "README.md").unlink()
    file = directory / "adapter_model.safetensors"
    tensors = load_file(file)
    if name.endswith("f16"):
        tensors = {key: value.half() for key, value in tensors.items()}
    save_file(tensors, file, {"format": "pt"})
    config = json.loads((directory / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "base"
    config["fan_in_fan_out"] = options.get("fan_in_fan_out", False)  # PEFT corrects it for the layers it meets
    for key in ("target_modules", "exclude_modules"):  # sets, whose order changes from run to run
        if isinstance(config[key], list):
            config[key].sort()
    (directory / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")

    base = base_model(kind, out)
    before = {key: value.clone() for key, value in base.state_dict().items()}
    loaded = PeftModel.from_pretrained(base, directory)
    merged = loaded.merge_and_unload().state_dict()
    assert merged.keys() == before.keys()
    known = {key.removeprefix("bert.") for key in load_file(out / ("base-conv1d" if kind is ConvolutionalNames
                                                                  else "base-bert") / "model.safetensors")}
    saved = {key: value.contiguous() for key, value in merged.items()
             if not torch.equal(value, before[key]) or key.removeprefix("bert.") not in known}
    saved = {key: value for key, value in saved.items()
             if key.removeprefix("bert.") in known or any(key in stored for stored in tensors)}
    assert saved
    save_file(saved, directory / "merged.safetensors")
    print(f"{name}: {len(tensors)} adapter tensors, {len(saved)} tensors changed")


def main(out):
    torch.manual_seed(0)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    generator = torch.Generator().manual_seed(2026)
    bert = BertModel(BERT, add_pooling_layer=False)
    randomise(bert.parameters(), generator)
    bert.save_pretrained(out / "base-bert")
    conv = ConvolutionalNames()
    randomise(conv.parameters(), generator)
    (out / "base-conv1d").mkdir(parents=True, exist_ok=True)
    save_file(conv.state_dict(), out / "base-conv1d" / "model.safetensors")
    for name, kind, options in cases():
        write_case(name, kind, options, out, generator)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
