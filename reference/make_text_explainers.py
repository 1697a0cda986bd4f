"""Writes golden/text-explainers.json of the module attribution, and the tiny NLI checkpoint golden/nli beside it."""

import torch
from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.attributions import DTYPES
from limpid_reference.checkpoints import NLI, RECIPES
from limpid_reference.text_attributions import (
    integrate_text,
    interpret_class,
    interpret_labels,
    interpret_pair,
    interpret_tokens,
    interpret_zero_shot,
)
from limpid_reference.writing import versions, write_json

torch.set_num_threads(1)

TEXTS = [
    "I love you, I like you",
    "The plot (born in 1889) cost 3,520.5!!",
    "bad  bad\u00a0\u2003bad\n\nmovie\tgreat",
    "Où est le CAFÉ? ☃ 中文 </script> & <b>",
    "?!",
    "river",
]
PAIRS = [
    ("Who built the tower?", "The tower in Paris was built by Gustave Eiffel."),
    ("river", "...!!! (?) \"a\" <b>"),
    ("the the the", "the the  the"),
]
NAMES = [
    "Alice lived in London, with Bob.",
    "Gustave Eiffel (born in France) built the Eiffel Tower",
    "the",
]
THEMES = [
    ("The film was great, I like it!", ["movie", "war", "the city of Paris"]),
    ("Alice found the river in 1889.", ["river", "machine learning"]),
    ("London", ["city"]),
]


def sequence_calls(labels: int) -> list[dict]:
    """Arguments of the calls for a model of so many labels."""
    calls = [dict(), dict(embedding_type=1), dict(n_steps=7, internal_batch_size=3)]
    if labels > 1:
        calls += [dict(index=i) for i in (0, labels - 1)]
        calls += [dict(class_name="no such class"), dict(index=1, embedding_type=1), dict(embedding_type=2)]
    return calls


def theirs(dtype: str) -> dict[str, list[dict]]:
    """What transformers-interpret says."""
    torch_dtype = DTYPES[dtype]
    found = {"sequence": [], "pair": [], "multiLabel": [], "zeroShot": [], "token": []}
    for name in ("sequence-1", "sequence-2", "sequence-5"):
        recipe = RECIPES[name]
        model, tokenizer = recipe.model(torch_dtype), recipe.tokenizer()
        base = {"checkpoint": name, "dtype": dtype}
        for at, text in enumerate(TEXTS):
            calls = sequence_calls(len(recipe.labels)) if at < 2 else [dict()]
            calls += [dict(class_name=recipe.labels[-1])] if at == 0 and len(recipe.labels) > 1 else []
            calls += [dict(class_name="Z", custom_labels=[*"ABCD"[:len(recipe.labels) - 1], "Z"])] if at == 1 else []
            for call in calls:
                record = interpret_class(model, tokenizer, text, **call)
                found["sequence"].append(base | {"text": text, "call": call} | record)
        for at, (text, other) in enumerate(PAIRS):
            calls = [dict(), dict(flip_sign=True), dict(embedding_type=1)] if at == 0 else [dict(flip_sign=True)]
            calls += [dict(index=0)] if len(recipe.labels) > 1 else []
            for call in calls:
                record = interpret_pair(model, tokenizer, text, other, **call)
                found["pair"].append(base | {"text": text, "other": other, "call": call} | record)
        for text in TEXTS[:3] if name != "sequence-2" else []:
            found["multiLabel"].append(base | {"text": text} | interpret_labels(model, tokenizer, text))
    model, tokenizer = NLI.model(torch_dtype), NLI.tokenizer()
    for at, (text, labels) in enumerate(THEMES):
        calls = [dict(), dict(include_hypothesis=True)]
        calls += [dict(hypothesis_template="{} was built", embedding_type=1)] if at == 0 else []
        for call in calls:
            record = interpret_zero_shot(model, tokenizer, text, labels, **call)
            found["zeroShot"].append({"dtype": dtype, "text": text, "labels": labels, "call": call} | record)
    recipe = RECIPES["token"]
    model, tokenizer = recipe.model(torch_dtype), recipe.tokenizer()
    for at, text in enumerate(NAMES):
        calls = [dict()]
        calls += [dict(embedding_type=1, ignored_indexes=[0, 2, 3], ignored_labels=["B-PER", "I-LOC"])] if at < 2 else []
        for call in calls:
            record = interpret_tokens(model, tokenizer, text, **call)
            found["token"].append({"dtype": dtype, "text": text, "call": call} | record)
    return found


def logit(c: int):
    return lambda logits: logits[:, c]


def ours(dtype: str) -> list[dict]:
    """What captum says of fixed logits, differences and probabilities, with segments as trained."""
    found = []

    def add(recipe, model, tokenizer, texts, what, target, **more):
        record = integrate_text(model, tokenizer, texts, target, **more)
        found.append({"checkpoint": recipe.name, "dtype": dtype, "texts": texts} | what
                     | {"keepSecond": more.get("keep_second", False)} | record)

    for name in ("sequence-1", "sequence-2", "sequence-5"):
        recipe = RECIPES[name]
        model, tokenizer = recipe.model(DTYPES[dtype]), recipe.tokenizer()
        last = len(recipe.labels) - 1
        for texts in ([TEXTS[0]], [TEXTS[3]], list(PAIRS[0])):
            add(recipe, model, tokenizer, texts, {"class": last, "scoreKind": "logit"}, logit(last))
        texts = [TEXTS[1]]
        add(recipe, model, tokenizer, texts, {"class": 0, "scoreKind": "logit"}, logit(0), baseline="mask", steps=20)
        add(recipe, model, tokenizer, texts, {"class": 0, "scoreKind": "logit"}, logit(0), baseline="zero", steps=20)
        add(recipe, model, tokenizer, texts, {"class": 0, "scoreKind": "logit"}, logit(0), path="word-embeddings")
        sigmoid = name != "sequence-2"
        add(recipe, model, tokenizer, texts, {"class": last, "scoreKind": "probability"},
            (lambda logits: torch.sigmoid(logits)[:, last]) if sigmoid else
            (lambda logits: torch.softmax(logits, 1)[:, last]))
        if last > 0:
            add(recipe, model, tokenizer, texts, {"class": last, "rather": 0, "scoreKind": "logit"},
                lambda logits: logits[:, last] - logits[:, 0])
    model, tokenizer = NLI.model(DTYPES[dtype]), NLI.tokenizer()
    for keep in (False, True):
        text, labels = THEMES[0]
        add(NLI, model, tokenizer, [text, f"this text is about {labels[2]} ."], {"class": 1, "scoreKind": "logit"},
            logit(1), keep_second=keep)
    recipe = RECIPES["token"]
    model, tokenizer = recipe.model(DTYPES[dtype]), recipe.tokenizer()
    for token, label in ((1, 3), (4, 0)):
        add(recipe, model, tokenizer, [NAMES[0]], {"class": label, "token": token, "scoreKind": "logit"},
            lambda logits, token=token, label=label: logits[:, token, label])
    recipe = RECIPES["masked-lm"]
    model, tokenizer = recipe.model(DTYPES[dtype]), recipe.tokenizer()
    for word in (120, 7):
        add(recipe, model, tokenizer, ["Paris is the [MASK] of France."], {"class": word, "token": 4,
            "scoreKind": "logit"}, lambda logits, word=word: logits[:, 4, word])
    recipe = RECIPES["sequence-2"]
    model, tokenizer = recipe.model(DTYPES[dtype]), recipe.tokenizer()
    for pooling, pool in (("mean", lambda hidden: hidden.mean(1)), ("cls", lambda hidden: hidden[:, 0])):
        for text, other in (PAIRS[0], PAIRS[0][::-1]):
            with torch.no_grad():
                vector = pool(model.bert(**tokenizer(other, return_tensors="pt"))[0])
            add(recipe, model, tokenizer, [text], {"other": other, "pooling": pooling, "scoreKind": "cosine"},
                lambda hidden, pool=pool, vector=vector: torch.cosine_similarity(pool(hidden), vector), encoder=True)
    return found


def main() -> None:
    used = versions("torch", "transformers", "captum", "transformers-interpret")
    NLI.save(ATTRIBUTION_GOLDEN / "nli")
    found: dict[str, list] = {}
    for dtype in DTYPES:
        for kind, records in theirs(dtype).items():
            found.setdefault(kind, []).extend(records)
    write_json(ATTRIBUTION_GOLDEN / "text-explainers.json", {
        "checkpoints": "those of the module bert; nli is beside this file",
        "versions": used,
        "about": {
            "sequence, pair, multiLabel, zeroShot, token": "the explainers of transformers-interpret; call holds"
            " their arguments",
            "probability": "as the explainer reports it; zeroShot: sigmoid of the entailment logit, over its sum",
            "baselineScore": "of the reference ids with all types and positions 0",
            "raw": "sum of the attributions over the hidden size, of every token; delta is of these",
            "attribution": "as word_attributions has it; zeroShot without the hypothesis: of the first tokens only",
            "default": "captum; class is the explained logit's, rather the one subtracted, token its position;"
            " keepSecond: the second text stays along the path; cosine: with the vector of the text called other",
            "dtype": "of the model; captum's quadrature weights are float32 in both",
        },
    } | found | {"default": [record for dtype in DTYPES for record in ours(dtype)]})
    print({kind: len(records) for kind, records in found.items()})


if __name__ == "__main__":
    main()
