"""Writes golden/text-tables.json of the module attribution: what the tables of transformers-interpret's visualize() say."""

import re

import torch
from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.checkpoints import NLI, RECIPES
from limpid_reference.text_attributions import PairEncoder
from limpid_reference.writing import versions, write_json
from transformers_interpret import (
    MultiLabelClassificationExplainer,
    PairwiseSequenceClassificationExplainer,
    SequenceClassificationExplainer,
    TokenClassificationExplainer,
    ZeroShotClassificationExplainer,
)

torch.set_num_threads(1)

TEXT = "I love you, I like you"
PAIR = ("Who built the tower?", "The tower in Paris was built by Gustave Eiffel.")
NAMES = "Alice lived in London, with Bob."
LABELS = ["movie", "war", "the city of Paris"]


def table(explainer) -> dict:
    """Headers, and of each row the cells before the words, and the words with their colours."""
    html = explainer.visualize().data
    rows = []
    for row in re.findall(r"<tr><td>.*?<tr>", html, flags=re.S):
        cells = re.findall(r"<b>(.*?)</b>", row)
        words = re.findall(r'<mark style="background-color: ([^;]*);.*?<font color="black"> (.*?) {20}', row, flags=re.S)
        rows.append({"cells": cells, "words": [word for _, word in words], "colours": [colour for colour, _ in words]})
    return {"headers": re.findall(r"<th>(.*?)</th>", html), "rows": rows}


def tables() -> list[dict]:
    found = []
    for name in ("sequence-1", "sequence-2", "sequence-5"):
        model, tokenizer = RECIPES[name].model(torch.float32), RECIPES[name].tokenizer()
        explainer = SequenceClassificationExplainer(model, tokenizer)
        explainer(TEXT)
        found.append({"task": "classify", "checkpoint": name, "text": TEXT} | table(explainer))
        explainer = PairwiseSequenceClassificationExplainer(model, PairEncoder(tokenizer))
        explainer(*PAIR)
        found.append({"task": "pair", "checkpoint": name, "text": PAIR[0], "pair": PAIR[1]} | table(explainer))
    model, tokenizer = RECIPES["sequence-5"].model(torch.float32), RECIPES["sequence-5"].tokenizer()
    explainer = MultiLabelClassificationExplainer(model, tokenizer)
    explainer(TEXT)
    found.append({"task": "multilabel", "checkpoint": "sequence-5", "text": TEXT} | table(explainer))
    explainer = ZeroShotClassificationExplainer(NLI.model(torch.float32), NLI.tokenizer())
    explainer(TEXT, LABELS)
    found.append({"task": "zero-shot", "checkpoint": "nli", "text": TEXT, "labels": LABELS} | table(explainer))
    explainer = TokenClassificationExplainer(RECIPES["token"].model(torch.float32), RECIPES["token"].tokenizer())
    explainer(NAMES)
    found.append({"task": "ner", "checkpoint": "token", "text": NAMES} | table(explainer))
    return found


if __name__ == "__main__":
    write_json(ATTRIBUTION_GOLDEN / "text-tables.json", {
        "versions": versions("torch", "transformers", "captum", "transformers-interpret"),
        "tables": tables(),
    })
