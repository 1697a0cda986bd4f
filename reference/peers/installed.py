"""transformers-interpret and captum as they are installed, in float32."""

from pathlib import Path

import torch
from transformers import BertForQuestionAnswering, BertTokenizer, ViTForImageClassification

SPECIALS = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}


def tokenizer(vocab_size: int) -> BertTokenizer:
    """Every id but those of the special tokens is a word of its own, w0 …"""
    by_id = {value: token for token, value in SPECIALS.items()}
    vocab = {by_id.get(value, f"w{value}"): value for value in range(vocab_size)}
    return BertTokenizer(vocab=vocab, do_lower_case=True, model_max_length=512)


def texts(inputs: dict) -> tuple[str, str]:
    """Question and context whose tokens are the ids of the input."""
    words = [f"w{value}" for value in inputs["input_ids"]]
    first = inputs["input_ids"].index(SPECIALS["[SEP]"])
    return " ".join(words[1:first]), " ".join(words[first + 1:-1])


class Interpreted:
    """transformers_interpret.QuestionAnsweringExplainer. Its target is the largest logit, wherever that is at each node."""

    def __init__(self, folder: Path, inputs: dict, nodes: int, device: torch.device):
        from transformers_interpret import QuestionAnsweringExplainer

        model = BertForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).to(device).eval()
        self.attention = model.config._attn_implementation
        self.explainer = QuestionAnsweringExplainer(model, tokenizer(model.config.vocab_size))
        self.texts, self.nodes = texts(inputs), nodes
        self.expected = inputs["input_ids"]

    def explain(self) -> dict[str, torch.Tensor]:
        self.explainer(*self.texts, n_steps=self.nodes)
        assert self.explainer.input_ids[0].tolist() == self.expected, "the text has other tokens than the input"
        lig = self.explainer.start_attributions, self.explainer.end_attributions
        return {name: each._attributions.sum(dim=2)[0] for name, each in zip(("start", "end"), lig)}


class CaptumQa:
    """captum's LayerIntegratedGradients of the two fixed logits at the output of the embeddings, one after the other."""

    def __init__(self, folder: Path, inputs: dict, nodes: int, device: torch.device):
        from captum.attr import LayerIntegratedGradients

        model = BertForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).to(device).eval()
        self.attention = model.config._attn_implementation
        ids, start_ids, type_ids = (torch.tensor([inputs[key]], device=device)
                                    for key in ("input_ids", "baseline_ids", "token_type_ids"))

        def logit(output: str, position: int):
            return lambda x, types: model(input_ids=x, token_type_ids=types)[output][:, position]

        self.methods = {
            name: LayerIntegratedGradients(logit(f"{name}_logits", inputs[name]), model.bert.embeddings)
            for name in ("start", "end")
        }
        self.internal_batch_size = None
        self.call = lambda method: method.attribute(
            ids, start_ids, additional_forward_args=(type_ids,), n_steps=nodes, method="gausslegendre",
            internal_batch_size=self.internal_batch_size, return_convergence_delta=True)[0].sum(dim=2)[0]

    def explain(self) -> dict[str, torch.Tensor]:
        return {name: self.call(method) for name, method in self.methods.items()}


class CaptumViT:
    """captum's IntegratedGradients of a class at the pixels."""

    def __init__(self, folder: Path, inputs: dict, nodes: int, device: torch.device):
        from captum.attr import IntegratedGradients

        model = ViTForImageClassification.from_pretrained(folder, dtype=torch.float32).to(device).eval()
        self.attention = model.config._attn_implementation
        method = IntegratedGradients(lambda pixels: model(pixel_values=pixels).logits)
        self.call = lambda: method.attribute(
            inputs["pixels"][None], torch.zeros_like(inputs["pixels"])[None], target=inputs["class"], n_steps=nodes,
            method="gausslegendre", return_convergence_delta=True)[0][0]

    def explain(self) -> dict[str, torch.Tensor]:
        return {"class": self.call()}
