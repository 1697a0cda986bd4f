"""Attributions of text models: by transformers-interpret's explainers, and by captum with segments as trained."""

import math
from collections.abc import Callable

import torch
from captum.attr import IntegratedGradients, LayerIntegratedGradients
from transformers_interpret import (
    MultiLabelClassificationExplainer,
    PairwiseSequenceClassificationExplainer,
    SequenceClassificationExplainer,
    TokenClassificationExplainer,
    ZeroShotClassificationExplainer,
)

from .writing import number_list


def _or_null(value: float) -> float | None:
    """JSON has no NaN, which is what they make of attributions that are all 0."""
    return None if math.isnan(value) else value


def _described(explainer, lig, words, *reference) -> dict:
    """One of their attributions with the two numbers of its delta; `reference` is what the baseline score is of."""
    with torch.no_grad():
        score = explainer._forward(*reference[0])
        base = explainer._forward(*reference[1])
    if lig.target is not None:
        score, base = score[:, lig.target], base[:, lig.target]
    return {
        "score": float(score.reshape(())),
        "baselineScore": float(base.reshape(())),
        "delta": float(lig.delta.reshape(())),
        "attributionSum": _or_null(float(lig.attributions_sum.sum())),
        "raw": number_list(lig._attributions.sum(dim=2)),
        "attribution": [_or_null(value) for _, value in words],
    }


def _ends(lig):
    """Arguments of the model at both ends, as captum called it for the delta."""
    given = (lig.input_ids, lig.token_type_ids, lig.position_ids)
    baseline = (lig.ref_input_ids, lig.ref_token_type_ids, lig.ref_position_ids)
    return tuple((*(part for part in end if part is not None), lig.attention_mask) for end in (given, baseline))


def _class_record(explainer, words) -> dict:
    probability = float(explainer.pred_probs)
    lig = explainer.attributions
    return {
        "selectedIndex": int(explainer.selected_index),
        "predictedIndex": int(explainer.predicted_class_index),
        "predictedName": str(explainer.predicted_class_name),
        "probability": probability,
        "tokens": [token for token, _ in words],
    } | _described(explainer, lig, words, *_ends(lig))


def interpret_class(model, tokenizer, text: str, custom_labels=None, **arguments) -> dict:
    """SequenceClassificationExplainer."""
    explainer = SequenceClassificationExplainer(model, tokenizer, custom_labels=custom_labels)
    return _class_record(explainer, explainer(text, **arguments))


class PairEncoder:
    """A tokenizer whose `encode` takes a list of two texts for a pair, as transformers 4 did (5: for a batch)."""

    def __init__(self, tokenizer):
        self._tokenizer = tokenizer

    def __getattr__(self, name):
        return getattr(self._tokenizer, name)

    def encode(self, text, **arguments):
        texts = text if isinstance(text, list) else [text]
        return self._tokenizer.encode(*texts, **arguments)


def interpret_pair(model, tokenizer, text: str, other: str, **arguments) -> dict:
    """PairwiseSequenceClassificationExplainer."""
    explainer = PairwiseSequenceClassificationExplainer(model, PairEncoder(tokenizer))
    return _class_record(explainer, explainer(text, other, **arguments))


def interpret_labels(model, tokenizer, text: str) -> dict:
    """MultiLabelClassificationExplainer: every label by itself."""
    explainer = MultiLabelClassificationExplainer(model, tokenizer)
    words = explainer(text)
    records = []
    for i, label in enumerate(explainer.labels):
        explainer.selected_index = i
        lig = explainer.attributions[i]
        records.append({"index": i, "label": label, "probability": float(explainer.pred_probs_list[i])}
                       | _described(explainer, lig, words[label], *_ends(lig)))
    tokens = [token for token, _ in words[explainer.labels[0]]]
    return {"tokens": tokens, "explanations": records}


def interpret_zero_shot(model, tokenizer, text: str, labels: list[str], **arguments) -> dict:
    """ZeroShotClassificationExplainer; `tokens` and `attribution` are those it lists, `raw` is of every token."""
    explainer = ZeroShotClassificationExplainer(model, tokenizer)
    words = explainer(text, labels, **arguments)
    records = [
        {"label": label, "probability": float(explainer.pred_probs[i]), "tokens": [t for t, _ in words[label]]}
        | _described(explainer, explainer.attributions[i], words[label], *_ends(explainer.attributions[i]))
        for i, label in enumerate(labels)
    ]
    return {"predictedLabel": explainer.predicted_label, "explanations": records}


def interpret_tokens(model, tokenizer, text: str, **arguments) -> dict:
    """TokenClassificationExplainer; its dictionary loses repeated tokens, so the records are read before that."""
    explainer = TokenClassificationExplainer(model, tokenizer)
    explainer(text, **arguments)
    names = explainer.predicted_class_names
    probabilities = explainer.pred_probs.max(dim=1).values
    tokens = explainer.decode(explainer.input_ids)
    records = []
    for index, lig in explainer.attributions.items():
        explainer.index = index
        records.append({
            "index": index, "token": tokens[index], "label": names[index], "class": int(lig.target),
            "probability": float(probabilities[index]),
        } | _described(explainer, lig, lig.word_attributions, *_ends(lig)))
    return {"tokens": tokens, "labels": names, "explanations": records}


def integrate_text(
    model, tokenizer, texts: list[str], target: Callable[[torch.Tensor], torch.Tensor], *, baseline: str = "pad",
    steps: int = 50, path: str = "embeddings", keep_second: bool = False, encoder: bool = False,
) -> dict:
    """captum's integrated gradients of `target(logits)`, or of `target(hidden states)` of the encoder; only words changing along the path, segments as trained.

    `path`: `embeddings`, the output of the embeddings block; `word-embeddings`, that of the word table. With
    `keep_second` the second text stays as it is, and so does a [MASK] always: it is where the model is asked.
    """
    row = tokenizer(*texts, return_tensors="pt")
    ids, types, mask = row["input_ids"], row["token_type_ids"], row["attention_mask"]
    positions = torch.arange(ids.shape[1])[None]
    fixed = torch.tensor([[s is None or (keep_second and s == 1) for s in row.sequence_ids()]])
    fixed |= ids == tokenizer.mask_token_id

    def scalar(ids, *args):
        types, positions, mask = args
        network = model.bert if encoder else model
        output = network(input_ids=ids, token_type_ids=types, position_ids=positions, attention_mask=mask)
        return target(output[0])

    args = (types, positions, mask)
    options = dict(n_steps=steps, return_convergence_delta=True)
    block = model.bert.embeddings
    if baseline == "zero":
        with torch.no_grad():
            x = block(input_ids=ids, token_type_ids=types, position_ids=positions)
        x0 = torch.where(fixed[:, :, None], x, 0.0)

        def from_embeddings(values, *args):
            handle = block.register_forward_hook(lambda _module, _args, _output: values)
            try:
                return scalar(*args)
            finally:
                handle.remove()

        values, delta = IntegratedGradients(from_embeddings).attribute(
            x, x0, additional_forward_args=(ids, *args), **options)
        with torch.no_grad():
            score, base = from_embeddings(x, ids, *args), from_embeddings(x0, ids, *args)
    else:
        replacement = {"pad": tokenizer.pad_token_id, "mask": tokenizer.mask_token_id}[baseline]
        start = torch.where(fixed, ids, replacement)
        layer = {"embeddings": block, "word-embeddings": block.word_embeddings}[path]
        values, delta = LayerIntegratedGradients(scalar, layer).attribute(
            ids, start, additional_forward_args=args, **options)
        with torch.no_grad():
            score, base = scalar(ids, *args), scalar(start, *args)
    raw = values.detach().sum(dim=2)[0]
    return {
        "tokens": tokenizer.convert_ids_to_tokens(ids[0].tolist()), "baseline": baseline, "steps": steps, "path": path,
        "score": float(score), "baselineScore": float(base), "delta": float(delta),
        "attributionSum": float((raw / raw.norm()).sum()),
        "raw": number_list(raw), "attribution": number_list(raw / raw.norm()),
    }
